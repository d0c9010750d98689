using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_dirent. One record of READDIR; followed by the name, padded to 8 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Size = 24)]
public struct FuseDirent
{
    public ulong Ino;
    public ulong Off;
    public uint NameLen;
    public uint Type;
}
