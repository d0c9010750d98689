using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_direntplus. One record of READDIRPLUS; followed by the name, padded to 8 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Size = 152)]
public struct FuseDirentplus
{
    public FuseEntryOut EntryOut;
    public FuseDirent Dirent;
}
