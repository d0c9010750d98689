using System.Buffers.Binary;
using System.Globalization;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper;

/// <summary>
/// A loop device that was made for one mount. It is free again when the last descriptor and the last mount of it are gone, so closing is
/// the roll-back at every step, also when this process dies.
/// </summary>
internal static class LoopDevice
{
    private const uint LOOP_CONFIGURE = 0x4C0A;
    private const int ConfigurationSize = 304;
    private const int BlockSizeOffset = 4;
    private const int InfoOffset = 8;
    private const uint Sector = 512;
    private const ulong LargestSector = 4096;

    // Whoever finds the same free device first has it; the others ask again.
    private const int MostTries = 256;

    /// <summary>Binds a free device to the image. EBUSY when none could be had in as many tries as there can be rivals.</summary>
    public static Errno Create(LoopControl control, OwnedFd image, in Statx file, LoopPart part, ReadOnlySpan<byte> name, out OwnedFd device)
    {
        Span<byte> configuration = stackalloc byte[ConfigurationSize];
        configuration.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(configuration, (uint)image.Number);
        // Left alone the kernel takes what suits direct I/O best, which could cut off the end of an image that is no multiple of it.
        bool whole = (file.Size | part.Offset | part.Length) % LargestSector == 0;
        BinaryPrimitives.WriteUInt32LittleEndian(configuration[BlockSizeOffset..], whole ? 0 : Sector);
        LoopStatus.Write(configuration.Slice(InfoOffset, LoopStatus.Size), part, name);
        device = OwnedFd.Take(-1);
        Errno errno = Errno.EBUSY;
        for (int i = 0; i < MostTries && (errno == Errno.EBUSY || errno == Errno.ENXIO); i++)
        {
            device.Dispose();
            errno = control.FindFree(out int number);
            errno = errno.IsError ? errno : LoopControl.OpenDevice(number, out device);
            errno = errno.IsError ? errno : Libc.Ioctl(device, LOOP_CONFIGURE, configuration, out _);
        }

        return errno;
    }

    /// <summary>The node of another loop device over the same file, or null.</summary>
    public static string? FindOver(in Statx file)
    {
        Errno errno = StateDirectory.List(Fd.Cwd, CString.FromTerminated("/sys/block\0"u8), out List<string> names);
        foreach (string name in errno.IsOk ? names : [])
        {
            if (IsOver(name, file))
            {
                return "/dev/" + name;
            }
        }

        return null;
    }

    private static bool IsOver(string name, in Statx file)
    {
        const string prefix = "loop";
        if (!name.StartsWith(prefix, StringComparison.Ordinal)
            || !int.TryParse(name.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            || !IsBound(name))
        {
            return false;
        }

        Errno errno = LoopControl.OpenDevice(number, out OwnedFd device);
        using (device)
        {
            return errno.IsOk && LoopStatus.IsOf(device, file);
        }
    }

    // A device that is bound to nothing has no such folder, and need not be opened.
    private static bool IsBound(string name) =>
        Libc.Statx(Fd.Cwd, CString.FromTerminated(CString.Allocate($"/sys/block/{name}/loop")), 0, StatxMask.Type, out _).IsOk;
}
