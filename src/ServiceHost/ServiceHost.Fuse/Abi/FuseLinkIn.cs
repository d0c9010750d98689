using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_link_in. LINK; followed by the new name.</summary>
[StructLayout(LayoutKind.Sequential, Size = 8)]
public struct FuseLinkIn
{
    public NodeId OldNodeId;
}
