using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_forget_in. FORGET: how many lookups the kernel gives back.</summary>
[StructLayout(LayoutKind.Sequential, Size = 8)]
public struct FuseForgetIn
{
    public ulong Nlookup;
}
