using System.Runtime.InteropServices;

namespace ServiceHost.Linux;

/// <summary>sendmsg(2) and recvmsg(2) with descriptors and credentials.</summary>
public static partial class Libc
{
    private const int SCM_RIGHTS = 1;
    private const int SCM_CREDENTIALS = 2;
    private const int MSG_PEEK = 0x2;
    private const int MSG_CTRUNC = 0x8;
    private const int MSG_TRUNC = 0x20;
    private const int MSG_DONTWAIT = 0x40;
    private const int MSG_EOR = 0x80;
    private const int MSG_NOSIGNAL = 0x4000;
    private const int MSG_CMSG_CLOEXEC = 0x40000000;

    /// <summary>SCM_MAX_FD: the kernel carries no more in one message.</summary>
    internal const int MaxMessageFds = 253;

    /// <summary>One packet with <paramref name="fds"/> attached. EAGAIN when the queue is full: the call never waits.</summary>
    internal static unsafe Errno SendPacket(Fd socket, ReadOnlySpan<byte> bytes, ReadOnlySpan<OwnedFd> fds)
    {
        if (fds.Length > MaxMessageFds)
        {
            return Errno.EINVAL;
        }

        if (fds.IsEmpty)
        {
            return SendBytes(socket, bytes);
        }

        byte* control = stackalloc byte[CmsgSpace(sizeof(int) * MaxMessageFds)];
        fixed (byte* p = bytes)
        {
            IoVector vector = new() { Base = p, Length = (nuint)bytes.Length };
            MessageHeader message = new() { Vectors = &vector, VectorCount = 1 };
            message.Control = control;
            message.ControlLength = (nuint)WriteRights(control, fds);
            nint sent = sendmsg(socket.Number, &message, MSG_EOR | MSG_NOSIGNAL | MSG_DONTWAIT);
            return Errno.Of(sent);
        }
    }

    /// <summary>
    /// Without descriptors it is sendto(2) with no address, which a seccomp filter can tell from a message to somebody else: the
    /// address of a sendmsg(2) lies behind a pointer.
    /// </summary>
    private static unsafe Errno SendBytes(Fd socket, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* p = bytes)
        {
            return Errno.Of(sendto(socket.Number, p, (nuint)bytes.Length, MSG_EOR | MSG_NOSIGNAL | MSG_DONTWAIT, null, 0));
        }
    }

    /// <summary>Takes one packet off the queue and drops it; the kernel drops its descriptors. EAGAIN when there is none, or only the end.</summary>
    internal static unsafe Errno DiscardPacket(Fd socket)
    {
        byte first = 0;
        IoVector vector = new() { Base = &first, Length = 1 };
        MessageHeader message = new() { Vectors = &vector, VectorCount = 1 };
        nint received = recvmsg(socket.Number, &message, MSG_DONTWAIT | MSG_TRUNC);
        return received == 0 ? Errno.EAGAIN : Errno.Of(received);
    }

    /// <summary>A datagram socket connected to a path, or to an abstract name when the address begins with a NUL.</summary>
    public static Errno ConnectDatagram(ReadOnlySpan<byte> address, out OwnedFd socket)
    {
        Errno errno = DatagramSocket(out socket);
        errno = errno.IsOk ? ConnectUnix(socket, address) : errno;
        if (errno.IsError)
        {
            socket.Dispose();
        }

        return errno;
    }

    /// <summary>One datagram on a connected socket, without waiting.</summary>
    public static Errno SendDatagram(OwnedFd socket, ReadOnlySpan<byte> bytes) => SendPacket(socket, bytes, []);

    /// <summary>The size of the next packet without taking it; 0 is the end of the stream or an empty packet. Never waits.</summary>
    internal static unsafe Errno PeekPacketSize(Fd socket, out int size)
    {
        MessageHeader message = default;
        nint result = recvmsg(socket.Number, &message, MSG_PEEK | MSG_TRUNC | MSG_DONTWAIT);
        size = result < 0 ? 0 : (int)Math.Min(result, int.MaxValue);
        return Errno.Of(result);
    }

    /// <summary>
    /// Takes one packet. The control buffer has room for exactly <c>fds.Capacity</c> descriptors (and the credentials when asked
    /// for), so the kernel never installs one more: what does not fit sets MSG_CTRUNC, and that is EBADMSG. Never waits.
    /// </summary>
    internal static unsafe Errno ReceivePacket(
        Fd socket, Span<byte> bytes, FdList fds, bool withCredentials, out int size, out PeerCredentials? sender)
    {
        int rights = fds.Capacity == 0 ? 0 : CmsgLength(sizeof(int) * fds.Capacity);
        int credentials = withCredentials ? CmsgSpace(sizeof(PeerCredentials)) : 0;
        byte* control = stackalloc byte[CmsgSpace(sizeof(int) * MaxMessageFds) + CmsgSpace(sizeof(PeerCredentials))];
        MessageHeader message = new() { Control = control, ControlLength = (nuint)(credentials + rights) };
        nint result;
        fixed (byte* p = bytes)
        {
            IoVector vector = new() { Base = p, Length = (nuint)bytes.Length };
            message.Vectors = &vector;
            message.VectorCount = 1;
            result = recvmsg(socket.Number, &message, MSG_TRUNC | MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
        }

        size = 0;
        sender = null;
        if (result < 0)
        {
            return Errno.Last;
        }

        bool understood = ReadControl(new ReadOnlySpan<byte>(control, (int)message.ControlLength), fds, ref sender);
        size = (int)Math.Min(result, int.MaxValue);
        return !understood || (message.Flags & MSG_CTRUNC) != 0 ? Errno.EBADMSG
            : size > bytes.Length ? Errno.EMSGSIZE
            : Errno.None;
    }

    // Descriptors are stored before anything is judged: from here on the list owns them whatever else is wrong.
    private static unsafe bool ReadControl(ReadOnlySpan<byte> control, FdList fds, ref PeerCredentials? sender)
    {
        bool understood = true;
        while (control.Length >= sizeof(ControlHeader))
        {
            ControlHeader header = MemoryMarshal.Read<ControlHeader>(control);
            int length = (int)Math.Min(header.Length, (nuint)control.Length);
            ReadOnlySpan<byte> data = control[sizeof(ControlHeader)..Math.Max(length, sizeof(ControlHeader))];
            switch (header.Level, header.Type)
            {
                case (SOL_SOCKET, SCM_RIGHTS):
                    for (; data.Length >= sizeof(int); data = data[sizeof(int)..])
                    {
                        fds.Add(MemoryMarshal.Read<int>(data));
                    }

                    break;
                case (SOL_SOCKET, SCM_CREDENTIALS) when data.Length >= sizeof(PeerCredentials):
                    sender = MemoryMarshal.Read<PeerCredentials>(data);
                    break;
                default:
                    understood = false;
                    break;
            }

            control = control[Math.Min(CmsgAlign(Math.Max(length, sizeof(ControlHeader))), control.Length)..];
        }

        return understood;
    }

    private static unsafe int WriteRights(byte* control, ReadOnlySpan<OwnedFd> fds)
    {
        int space = CmsgSpace(sizeof(int) * fds.Length);
        Span<byte> buffer = new(control, space);
        buffer.Clear();
        ControlHeader header = new()
        {
            Length = (nuint)CmsgLength(sizeof(int) * fds.Length),
            Level = SOL_SOCKET,
            Type = SCM_RIGHTS,
        };
        MemoryMarshal.Write(buffer, header);
        for (int i = 0; i < fds.Length; i++)
        {
            MemoryMarshal.Write(buffer[(sizeof(ControlHeader) + (sizeof(int) * i))..], fds[i].Number);
        }

        return space;
    }

    private static int CmsgAlign(int length) => (length + sizeof(long) - 1) & ~(sizeof(long) - 1);

    private static unsafe int CmsgLength(int data) => sizeof(ControlHeader) + data;

    private static unsafe int CmsgSpace(int data) => sizeof(ControlHeader) + CmsgAlign(data);

    [StructLayout(LayoutKind.Sequential)]
    private struct ControlHeader
    {
        public nuint Length;
        public int Level;
        public int Type;
    }

    [StructLayout(LayoutKind.Sequential)]
    private unsafe struct IoVector
    {
        public byte* Base;
        public nuint Length;
    }

    [StructLayout(LayoutKind.Sequential)]
    private unsafe struct MessageHeader
    {
        public byte* Name;
        public uint NameLength;
        public IoVector* Vectors;
        public nuint VectorCount;
        public byte* Control;
        public nuint ControlLength;
        public int Flags;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial nint sendto(int fd, byte* bytes, nuint length, int flags, byte* address, uint addressLength);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial nint sendmsg(int fd, MessageHeader* message, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial nint recvmsg(int fd, MessageHeader* message, int flags);
}
