using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_rename_in. RENAME; followed by the old and the new name.</summary>
[StructLayout(LayoutKind.Sequential, Size = 8)]
public struct FuseRenameIn
{
    public NodeId NewDir;
}
