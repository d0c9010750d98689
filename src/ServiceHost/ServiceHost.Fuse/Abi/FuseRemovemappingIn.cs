using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_removemapping_in. REMOVEMAPPING; followed by Count times <see cref="FuseRemovemappingOne"/>.</summary>
[StructLayout(LayoutKind.Sequential, Size = 4)]
public struct FuseRemovemappingIn
{
    public uint Count;
}
