using System.Buffers.Binary;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper;

/// <summary>struct loop_info64: what a loop device is bound to and how. Only what is asked for or written here is named.</summary>
internal static class LoopStatus
{
    public const int Size = 232;

    private const uint LOOP_GET_STATUS64 = 0x4C05;
    private const int DeviceOffset = 0;
    private const int InodeOffset = 8;
    private const int OffsetOffset = 24;
    private const int LimitOffset = 32;
    private const int FlagsOffset = 52;
    private const int NameOffset = 56;
    private const int NameLength = 64;

    [Flags]
    private enum LoopFlags : uint
    {
        ReadOnly = 1,
        AutoClear = 4,
        DirectIo = 16,
    }

    /// <summary>Read-only, gone with its last user, and past the page cache of the filesystem below where that can.</summary>
    public static void Write(Span<byte> info, LoopPart part, ReadOnlySpan<byte> name)
    {
        info.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(info[OffsetOffset..], part.Offset);
        BinaryPrimitives.WriteUInt64LittleEndian(info[LimitOffset..], part.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(info[FlagsOffset..], (uint)(LoopFlags.ReadOnly | LoopFlags.AutoClear | LoopFlags.DirectIo));
        name[..Math.Min(name.Length, NameLength - 1)].CopyTo(info[NameOffset..]);
    }

    /// <summary>Whether the device is bound to this file.</summary>
    public static bool IsOf(OwnedFd device, in Statx file)
    {
        Span<byte> info = stackalloc byte[Size];
        return Libc.Ioctl(device, LOOP_GET_STATUS64, info, out _).IsOk
            && BinaryPrimitives.ReadUInt64LittleEndian(info[InodeOffset..]) == file.Ino
            && BinaryPrimitives.ReadUInt64LittleEndian(info[DeviceOffset..]) == DeviceNumber.Encode32(file.DevMajor, file.DevMinor);
    }

    public static bool IsDirect(OwnedFd device)
    {
        Span<byte> info = stackalloc byte[Size];
        return Libc.Ioctl(device, LOOP_GET_STATUS64, info, out _).IsOk
            && ((LoopFlags)BinaryPrimitives.ReadUInt32LittleEndian(info[FlagsOffset..])).HasFlag(LoopFlags.DirectIo);
    }
}
