using System.Buffers.Binary;
using System.Runtime.InteropServices;
using ServiceHost.Linux;

namespace MountHelper.Tests;

/// <summary>Just enough of /dev/fuse: reads INIT and answers it well, badly or not at all; answers everything else with ENOSYS.</summary>
internal static class FakeFuse
{
    private const int HeaderIn = 40;
    private const int HeaderOut = 16;
    private const int InitOut = 64;

    /// <summary>The unique number of the pending INIT.</summary>
    public static ulong ReadInit(OwnedFd device)
    {
        byte[] buffer = new byte[256 * 1024];
        Assert.Equal(Errno.None, Libc.Read(device, buffer, out int length));
        Assert.True(length >= HeaderIn);
        Assert.Equal(26u, BinaryPrimitives.ReadUInt32LittleEndian(buffer.AsSpan(4)));
        return BinaryPrimitives.ReadUInt64LittleEndian(buffer.AsSpan(8));
    }

    public static void AnswerInit(OwnedFd device, uint major = 7)
    {
        byte[] reply = new byte[HeaderOut + InitOut];
        BinaryPrimitives.WriteUInt32LittleEndian(reply, (uint)reply.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(reply.AsSpan(8), ReadInit(device));
        BinaryPrimitives.WriteUInt32LittleEndian(reply.AsSpan(16), major);
        BinaryPrimitives.WriteUInt32LittleEndian(reply.AsSpan(20), 38);
        BinaryPrimitives.WriteUInt32LittleEndian(reply.AsSpan(24), 65536);
        BinaryPrimitives.WriteUInt16LittleEndian(reply.AsSpan(32), 12);
        BinaryPrimitives.WriteUInt16LittleEndian(reply.AsSpan(34), 9);
        BinaryPrimitives.WriteUInt32LittleEndian(reply.AsSpan(36), 65536);
        Assert.Equal(Errno.None, Libc.Write(device, reply, out _));
    }

    /// <summary>Answers ENOSYS to everything that wants an answer, until the connection ends.</summary>
    public static void IgnoreUntilUnmounted(OwnedFd device)
    {
        const uint Forget = 2;
        const uint Interrupt = 36;
        const uint BatchForget = 42;
        byte[] request = new byte[256 * 1024];
        while (Libc.Read(device, request, out int length).IsOk && length >= HeaderIn)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(request.AsSpan(4)) is not (Forget or Interrupt or BatchForget))
            {
                byte[] reply = new byte[HeaderOut];
                BinaryPrimitives.WriteUInt32LittleEndian(reply, HeaderOut);
                BinaryPrimitives.WriteInt32LittleEndian(reply.AsSpan(4), -38);
                request.AsSpan(8, 8).CopyTo(reply.AsSpan(8));
                Libc.Write(device, reply, out _);
            }
        }
    }

    public static void RefuseInit(OwnedFd device, int errno)
    {
        byte[] reply = new byte[HeaderOut];
        BinaryPrimitives.WriteUInt32LittleEndian(reply, HeaderOut);
        BinaryPrimitives.WriteInt32LittleEndian(reply.AsSpan(4), -errno);
        BinaryPrimitives.WriteUInt64LittleEndian(reply.AsSpan(8), ReadInit(device));
        Assert.Equal(Errno.None, Libc.Write(device, reply, out _));
    }

    /// <summary>A reply that the kernel cannot take for one: its length field lies.</summary>
    public static void GarbleInit(OwnedFd device)
    {
        byte[] reply = new byte[HeaderOut + InitOut];
        BinaryPrimitives.WriteUInt32LittleEndian(reply, 0xFFFF);
        BinaryPrimitives.WriteUInt64LittleEndian(reply.AsSpan(8), ReadInit(device));
        Assert.Equal(Errno.EINVAL, Libc.Write(device, reply, out _));
    }

    /// <summary>False once the connection is aborted; whether requests wait does not matter.</summary>
    public static bool IsConnected(OwnedFd device)
    {
        const short POLLERR = 8;
        PollEntry entry = new() { Descriptor = device.Number };
        Assert.True(poll(ref entry, 1, 0) >= 0);
        return (entry.Found & POLLERR) == 0;
    }

    [DllImport("libc")]
    private static extern int poll(ref PollEntry entries, nuint count, int milliseconds);

    /// <summary>struct pollfd, with no event asked for: errors are told in any case.</summary>
    private struct PollEntry
    {
        public int Descriptor;
        public short Wanted;
        public short Found;
    }
}
