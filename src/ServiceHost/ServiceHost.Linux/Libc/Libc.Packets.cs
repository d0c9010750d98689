namespace ServiceHost.Linux;

/// <summary>
/// Packets of a conversation that must neither wait nor allocate. The buffers are the caller's, and so is every descriptor that arrives, whatever
/// the result: closing one can wait for the filesystem it is on, and only the caller knows who may wait.
/// </summary>
public static unsafe partial class Libc
{
    /// <summary>One packet; EAGAIN when the peer does not read.</summary>
    public static Errno SendNow(Fd socket, ReadOnlySpan<byte> packet) => SendBytes(socket, packet);

    /// <summary>One packet with one descriptor, which stays the caller's.</summary>
    public static Errno SendNow(Fd socket, ReadOnlySpan<byte> packet, Fd attached)
    {
        byte* control = stackalloc byte[CmsgSpace(sizeof(int))];
        ControlHeader* header = (ControlHeader*)control;
        *header = new ControlHeader { Length = (nuint)CmsgLength(sizeof(int)), Level = SOL_SOCKET, Type = SCM_RIGHTS };
        *(int*)(header + 1) = attached.Number;
        fixed (byte* p = packet)
        {
            IoVector vector = new() { Base = p, Length = (nuint)packet.Length };
            MessageHeader message = new()
            {
                Vectors = &vector,
                VectorCount = 1,
                Control = control,
                ControlLength = (nuint)CmsgSpace(sizeof(int)),
            };
            return Errno.Of(sendmsg(socket.Number, &message, MSG_EOR | MSG_NOSIGNAL | MSG_DONTWAIT));
        }
    }

    /// <summary>
    /// One packet; EAGAIN when there is none. A size of 0 is the end. EMSGSIZE when it is larger than the buffer, EBADMSG when it came with more
    /// descriptors than the list has room for: the kernel then installed what fitted, and it is in the list.
    /// </summary>
    public static Errno ReceiveNow(Fd socket, Span<byte> buffer, FdList fds, out int size)
    {
        ArgumentNullException.ThrowIfNull(fds);
        return ReceivePacket(socket, buffer, fds, withCredentials: false, out size, out _);
    }
}
