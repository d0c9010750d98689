using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_open_out. Reply to OPEN and OPENDIR, second part of the replies to CREATE and TMPFILE.</summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
public struct FuseOpenOut
{
    public FileHandle Fh;
    public FopenFlags OpenFlags;
    public int BackingId;
}
