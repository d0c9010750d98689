using System.Runtime.InteropServices;
using ServiceHost.Linux;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_rename2_in. RENAME2; followed by the old and the new name.</summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
public struct FuseRename2In
{
    public NodeId NewDir;
    public RenameFlags Flags;
    public uint Padding;
}
