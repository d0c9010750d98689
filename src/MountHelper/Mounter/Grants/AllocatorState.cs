using System.Globalization;
using System.Text;
using MountHelper.Registry;
using ServiceHost.Linux;

namespace MountHelper.Grants;

/// <summary>Where the allocator goes on: the contents of the registry's lock file. Garbage in it means: from the start.</summary>
internal readonly record struct AllocatorState(ulong NextId, uint NextBase)
{
    private const int MaxLength = 64;

    internal static AllocatorState Read(Fd file)
    {
        Span<byte> buffer = stackalloc byte[MaxLength];
        Errno errno = Libc.Pread(file, buffer, 0, out int count);
        string[] fields = Encoding.ASCII.GetString(buffer[..count]).TrimEnd('\n').Split(' ');
        return errno.IsOk && fields.Length == 2
            && ulong.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out ulong id) && id != 0
            && uint.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out uint next) && IdPool.Contains(next)
            ? new AllocatorState(id, next)
            : new AllocatorState(1, IdPool.First);
    }

    /// <summary>The next search starts where this entry's range ends.</summary>
    internal AllocatorState After(RegistryEntry entry)
    {
        HostIdRange range = entry.Range;
        uint next = range.IsEmpty ? NextBase : IdPool.Contains(range.End) ? range.End : IdPool.First;
        return new AllocatorState(entry.Id == ulong.MaxValue ? 1 : entry.Id + 1, next);
    }

    /// <summary>Fixed width, so that no old byte is left behind a shorter text.</summary>
    internal Errno Write(Fd file)
    {
        byte[] text = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{NextId:D20} {NextBase:D10}\n"));
        Errno errno = Libc.Pwrite(file, text, 0, out int count);
        return errno.IsOk && count != text.Length ? Errno.EIO : errno;
    }
}
