using System.Buffers.Binary;
using ServiceHost.Linux;

namespace ServiceHost.MountProtocol;

/// <summary>
/// The caller's command line as a memfd: u32 magic, u32 argc, argc pairs {u32 position, u32 length with the NUL}, then the strings,
/// big-endian. A gap may lie between table and strings, so the position is followed, never assumed. argv[0] is the type.
/// </summary>
public static class ArgumentMemfd
{
    private const int HeaderBytes = 8;
    private const int EntryBytes = 8;

    /// <summary>Writes and seals; E2BIG when it would be more than a reader accepts.</summary>
    public static Errno Create(IReadOnlyList<byte[]> arguments, out OwnedFd fd, out uint size)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        int total = HeaderBytes + (EntryBytes * arguments.Count) + arguments.Sum(static argument => argument.Length + 1);
        size = (uint)total;
        if (arguments.Count > Limits.Arguments || total > Limits.ArgumentBytes)
        {
            fd = new OwnedFd();
            return Errno.E2BIG;
        }

        return SealedMemfd.Create(CString.FromTerminated("fuservice-argv\0"u8), Layout(arguments, total), out fd);
    }

    /// <summary>
    /// Reads a memfd of the own dialect: it must be sealed and have the announced size.
    /// </summary>
    public static ArgumentFault TryReadSealed(Fd fd, uint size, out byte[][] arguments)
    {
        arguments = [];
        ArgumentFault fault = ReadContent(fd, out FileSeals seals, out byte[] content);
        if (fault != ArgumentFault.None)
        {
            return fault;
        }

        return !seals.HasFlag(FileSeals.Immutable) ? ArgumentFault.NotSealed
            : content.Length != size ? ArgumentFault.WrongSize
            : Parse(content, out arguments);
    }

    /// <summary>
    /// Reads a memfd of v1, which both sides can write at any time: it is read once into a private copy and judged there.
    /// </summary>
    public static ArgumentFault TryRead(Fd fd, out byte[][] arguments)
    {
        arguments = [];
        ArgumentFault fault = ReadContent(fd, out _, out byte[] content);
        return fault == ArgumentFault.None ? Parse(content, out arguments) : fault;
    }

    private static ArgumentFault ReadContent(Fd fd, out FileSeals seals, out byte[] content)
    {
        Errno errno = SealedMemfd.ReadAll(fd, Limits.ArgumentBytes, out seals, out content);
        return errno.IsOk ? ArgumentFault.None
            : errno == Errno.EINVAL ? ArgumentFault.NotInMemory
            : errno == Errno.EFBIG ? ArgumentFault.TooLarge
            : ArgumentFault.Unreadable;
    }

    private static ArgumentFault Parse(ReadOnlySpan<byte> content, out byte[][] arguments)
    {
        arguments = [];
        if (content.Length < HeaderBytes || BinaryPrimitives.ReadUInt32BigEndian(content) != (uint)Tag.ArgumentMemfd)
        {
            return ArgumentFault.BadMagic;
        }

        uint argc = BinaryPrimitives.ReadUInt32BigEndian(content[4..]);
        if (argc > Limits.Arguments)
        {
            return ArgumentFault.TooManyArguments;
        }

        uint tableEnd = HeaderBytes + (EntryBytes * argc);
        if (tableEnd > content.Length)
        {
            return ArgumentFault.OutOfBounds;
        }

        byte[][] result = new byte[argc][];
        for (int i = 0; i < argc; i++)
        {
            ArgumentFault fault = ParseOne(content, tableEnd, i, out result[i]);
            if (fault != ArgumentFault.None)
            {
                return fault;
            }
        }

        if (argc == 0 || ProtocolName.TryDecode(result[0]) is null)
        {
            return ArgumentFault.BadType;
        }

        arguments = result;
        return ArgumentFault.None;
    }

    private static ArgumentFault ParseOne(ReadOnlySpan<byte> content, uint tableEnd, int index, out byte[] argument)
    {
        argument = [];
        ReadOnlySpan<byte> entry = content.Slice(HeaderBytes + (EntryBytes * index), EntryBytes);
        uint position = BinaryPrimitives.ReadUInt32BigEndian(entry);
        uint length = BinaryPrimitives.ReadUInt32BigEndian(entry[4..]);
        if (position < tableEnd || (ulong)position + length > (ulong)content.Length)
        {
            return ArgumentFault.OutOfBounds;
        }

        ReadOnlySpan<byte> terminated = content.Slice((int)position, (int)length);
        if (!CString.TryCreate(terminated, out CString text))
        {
            return ArgumentFault.BadString;
        }

        argument = text.Bytes.ToArray();
        return ArgumentFault.None;
    }

    private static byte[] Layout(IReadOnlyList<byte[]> arguments, int total)
    {
        byte[] content = new byte[total];
        BinaryPrimitives.WriteUInt32BigEndian(content, (uint)Tag.ArgumentMemfd);
        BinaryPrimitives.WriteUInt32BigEndian(content.AsSpan(4), (uint)arguments.Count);
        int entry = HeaderBytes;
        int position = HeaderBytes + (EntryBytes * arguments.Count);
        foreach (byte[] argument in arguments)
        {
            BinaryPrimitives.WriteUInt32BigEndian(content.AsSpan(entry), (uint)position);
            BinaryPrimitives.WriteUInt32BigEndian(content.AsSpan(entry + 4), (uint)argument.Length + 1);
            argument.CopyTo(content, position);
            entry += EntryBytes;
            position += argument.Length + 1;
        }

        return content;
    }
}
