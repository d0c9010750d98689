using System.Buffers.Binary;
using ServiceHost.Linux;

namespace Grants.Tests;

/// <summary>Answers INIT, STATFS and GETATTR, and ENOSYS to everything else: a mount that tools may ask about.</summary>
internal sealed class TinyFuseServer : IDisposable
{
    private const uint Init = 26;
    private const uint Statfs = 17;
    private const uint Getattr = 3;
    private const int ReplyHeader = 16;
    private const int ErrnoNoSys = 38;

    private readonly Thread _thread;

    internal TinyFuseServer()
    {
        Assert.Equal(Errno.None, Libc.Openat(
            Fd.Cwd, CString.FromTerminated("/dev/fuse\0"u8), OpenFlags.ReadWrite, 0, out OwnedFd device));
        Device = device;
        _thread = new Thread(Serve);
    }

    internal OwnedFd Device { get; }

    /// <summary>Only once the superblock exists: before it every read is EPERM.</summary>
    internal void Start() => _thread.Start();

    /// <summary>After the unmount, which ends the thread.</summary>
    public void Dispose()
    {
        Assert.True(_thread.Join(Wait.Patience));
        Device.Dispose();
    }

    private void Serve()
    {
        byte[] request = new byte[256 * 1024];
        while (Libc.Read(Device, request, out int count).IsOk && count > 0)
        {
            byte[] reply = BinaryPrimitives.ReadUInt32LittleEndian(request.AsSpan(4)) switch
            {
                Init => InitReply(),
                Getattr => AttributesReply(),
                Statfs => new byte[ReplyHeader + 80],
                _ => new byte[ReplyHeader],
            };
            BinaryPrimitives.WriteInt32LittleEndian(reply, reply.Length);
            BinaryPrimitives.WriteInt32LittleEndian(reply.AsSpan(4), reply.Length == ReplyHeader ? -ErrnoNoSys : 0);
            request.AsSpan(8, 8).CopyTo(reply.AsSpan(8));
            Libc.Write(Device, reply, out _);
        }
    }

    // struct fuse_init_out: major, minor, max_readahead, flags, max_background and congestion_threshold, max_write, ...
    private static byte[] InitReply()
    {
        byte[] reply = new byte[ReplyHeader + 64];
        BinaryPrimitives.WriteUInt32LittleEndian(reply.AsSpan(ReplyHeader), 7);
        BinaryPrimitives.WriteUInt32LittleEndian(reply.AsSpan(ReplyHeader + 4), 31);
        BinaryPrimitives.WriteUInt32LittleEndian(reply.AsSpan(ReplyHeader + 20), 4096);
        return reply;
    }

    // struct fuse_attr_out: 16 bytes of validity, then struct fuse_attr with ino first, mode at 60, nlink at 64.
    private static byte[] AttributesReply()
    {
        byte[] reply = new byte[ReplyHeader + 104];
        Span<byte> attributes = reply.AsSpan(ReplyHeader + 16);
        BinaryPrimitives.WriteUInt64LittleEndian(attributes, 1);
        BinaryPrimitives.WriteUInt32LittleEndian(attributes[60..], 0x41ED);
        BinaryPrimitives.WriteUInt32LittleEndian(attributes[64..], 2);
        return reply;
    }
}
