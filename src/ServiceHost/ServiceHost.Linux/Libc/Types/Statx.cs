using System.Runtime.InteropServices;

namespace ServiceHost.Linux;

/// <summary>struct statx (256 bytes; the tail that this code does not read is only room for the kernel to write into).</summary>
[StructLayout(LayoutKind.Sequential, Size = 256)]
public readonly struct Statx
{
    public readonly StatxMask Mask;
    public readonly uint BlockSize;
    public readonly StatxAttributes Attributes;
    public readonly uint Nlink;
    public readonly uint Uid;
    public readonly uint Gid;
    public readonly ushort RawMode;
    private readonly ushort _spare0;
    public readonly ulong Ino;
    public readonly ulong Size;
    public readonly ulong Blocks;
    public readonly StatxAttributes AttributesMask;
    public readonly StatxTimestamp AccessTime;
    public readonly StatxTimestamp BirthTime;
    public readonly StatxTimestamp ChangeTime;
    public readonly StatxTimestamp ModifyTime;
    public readonly uint RdevMajor;
    public readonly uint RdevMinor;
    public readonly uint DevMajor;
    public readonly uint DevMinor;
    public readonly ulong MountId;

    public ModeBits Mode => (ModeBits)RawMode;

    public ModeBits FileType => Mode & ModeBits.TypeMask;

    public bool IsDirectory => FileType == ModeBits.Directory;

    public bool IsRegular => FileType == ModeBits.Regular;

    /// <summary>A file, not a directory, that gives whoever executes it the rights of its owner or group.</summary>
    public bool IsSetId => IsRegular && (Mode & (ModeBits.SetUserId | ModeBits.SetGroupId)) != 0;
}
