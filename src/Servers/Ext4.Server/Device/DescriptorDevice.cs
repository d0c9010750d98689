using ServiceHost;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace Servers.Ext4.Server;

/// <summary>A granted image file or block device, or a part of one, as the library reads it.</summary>
internal sealed class DescriptorDevice : IBlockDevice
{
    private const uint BLKGETSIZE64 = 0x8008_1272;

    private readonly OwnedFd _file;
    private readonly long _start;

    /// <param name="file">Not owned: roles live as long as the service.</param>
    /// <param name="start">Where the device begins within the file.</param>
    /// <param name="length">How long it is; 0 for all that follows.</param>
    private DescriptorDevice(OwnedFd file, long start, long length)
    {
        _file = file;
        _start = start;
        Length = length;
    }

    public long Length { get; }

    public static DescriptorDevice Of(GrantedRole role)
    {
        OwnedFd file = role.File ?? throw new ServiceException($"the role '{role.Name}' came without a file");
        return new DescriptorDevice(file, 0, SizeOf(file, role.Kind));
    }

    /// <summary>The part that offset= and sizelimit= name; a size of 0 is all the rest.</summary>
    public DescriptorDevice Part(long offset, long size)
    {
        long rest = Length - offset;
        if (offset < 0 || rest <= 0 || size > rest)
        {
            throw new ServiceException($"the part from byte {offset} on is not within the {Length} bytes of the source");
        }

        return new DescriptorDevice(_file, _start + offset, size == 0 ? rest : size);
    }

    public bool ReadAt(long offset, Span<byte> buffer)
    {
        if (offset < 0 || offset > Length - buffer.Length)
        {
            return false;
        }

        while (!buffer.IsEmpty)
        {
            Errno errno = Libc.Pread(_file, buffer, _start + offset, out int count);
            if (errno == Errno.EINTR)
            {
                continue;
            }

            // Nothing left although the length says otherwise: the image was cut while it is mounted.
            if (errno.IsError || count == 0)
            {
                return false;
            }

            buffer = buffer[count..];
            offset += count;
        }

        return true;
    }

    /// <summary>The descriptor is buffered: the kernel reads ahead by itself.</summary>
    public void ReadAhead(long offset, long length)
    {
    }

    private static long SizeOf(OwnedFd file, SourceKinds kind)
    {
        if (kind == SourceKinds.BlockDevice)
        {
            Span<byte> size = stackalloc byte[sizeof(long)];
            ThrowIfError(Libc.Ioctl(file, BLKGETSIZE64, size, out _));
            return BitConverter.ToInt64(size);
        }

        ThrowIfError(Libc.Statx(file, StatxMask.Size, out Statx stat));
        return (long)stat.Size;
    }

    private static void ThrowIfError(Errno errno)
    {
        if (errno.IsError)
        {
            throw new ServiceException($"the size of the source cannot be read: {errno}");
        }
    }
}
