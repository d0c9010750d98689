using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_supp_groups. Body of the extension record with supplementary groups; followed by NrGroups ids.</summary>
[StructLayout(LayoutKind.Sequential, Size = 4)]
public struct FuseSuppGroups
{
    public uint NrGroups;
}
