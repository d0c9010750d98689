using System.Buffers.Binary;
using ServiceHost.Linux;

namespace Keeper.Tests;

/// <summary>
/// A FUSE mount that is attached nowhere and whose root is a regular file: enough to register backing files with, and to be a file whose server
/// does not answer.
/// </summary>
internal sealed class FuseFile : IDisposable
{
    private const int HeaderIn = 40;
    private const int HeaderOut = 16;
    private const uint Getattr = 3;
    private const uint Init = 26;
    private const int ENOSYS = 38;

    private readonly Thread _thread;
    private volatile bool _stalled;

    public FuseFile()
    {
        Device = OpenDevice();
        Assert.Equal(Errno.None, Libc.Fsopen(CString.FromTerminated("fuse\0"u8), out OwnedFd context));
        using (context)
        {
            foreach ((string key, string value) in new[] { ("fd", $"{Device.Number}"), ("rootmode", "100000"), ("user_id", "0"), ("group_id", "0") })
            {
                Assert.Equal(Errno.None, Libc.FsconfigString(
                    context, CString.FromTerminated(CString.Allocate(key)), CString.FromTerminated(CString.Allocate(value))));
            }

            Assert.Equal(Errno.None, Libc.FsconfigCreate(context));
            Assert.Equal(Errno.None, Libc.Fsmount(context, MountAttributes.None, out OwnedFd mount));
            Mount = mount;
        }

        Answer();
        _thread = new Thread(Serve) { IsBackground = true };
        _thread.Start();
    }

    public OwnedFd Device { get; }

    private OwnedFd Mount { get; }

    /// <summary>One more descriptor of the connection.</summary>
    public OwnedFd Clone()
    {
        OwnedFd clone = OpenDevice();
        Assert.Equal(Errno.None, Libc.FuseDeviceClone(clone, Device));
        return clone;
    }

    public OwnedFd Open(OpenFlags flags)
    {
        byte[] path = CString.Allocate($"/proc/self/fd/{Mount.Number}");
        Assert.Equal(Errno.None, Libc.Openat(Fd.Cwd, CString.FromTerminated(path), flags, 0, out OwnedFd file));
        return file;
    }

    /// <summary>From now on requests are read and not answered.</summary>
    public void Stall() => _stalled = true;

    /// <summary>Takes the mount away, as umount does; the device stays.</summary>
    public void Unmount() => Mount.Dispose();

    public void Dispose()
    {
        // Nobody but this process and a keeper holds the connection; a thread that reads keeps its descriptor until the connection ends. Before the
        // mount goes: afterwards the number of the connection may be that of somebody else's.
        ConnectionEnd.Abort(Device);
        Mount.Dispose();
        Assert.True(_thread.Join(TimeSpan.FromSeconds(20)), "the FUSE server of the test did not end");
        Device.Dispose();
    }

    private static OwnedFd OpenDevice()
    {
        Assert.Equal(Errno.None, Libc.OpenFuseDevice(out OwnedFd device));
        return device;
    }

    private void Serve()
    {
        while (Answer())
        {
        }
    }

    private bool Answer()
    {
        byte[] request = new byte[256 * 1024];
        if (Libc.Read(Device, request, out int length).IsError || length < HeaderIn)
        {
            return false;
        }

        byte[] reply = BinaryPrimitives.ReadUInt32LittleEndian(request.AsSpan(4)) switch
        {
            Init => InitReply(),
            Getattr => AttributesReply(),
            _ => new byte[HeaderOut],
        };
        BinaryPrimitives.WriteInt32LittleEndian(reply, reply.Length);
        BinaryPrimitives.WriteInt32LittleEndian(reply.AsSpan(4), reply.Length == HeaderOut ? -ENOSYS : 0);
        request.AsSpan(8, 8).CopyTo(reply.AsSpan(8));
        if (!_stalled)
        {
            // FORGET and the like want no answer, and the kernel says so.
            Libc.Write(Device, reply, out _);
        }

        return true;
    }

    // fuse_init_out with INIT_EXT (bit 30), PASSTHROUGH (bit 5 of the second flags) and a stack depth of 1.
    private static byte[] InitReply()
    {
        byte[] reply = new byte[HeaderOut + 64];
        Span<byte> init = reply.AsSpan(HeaderOut);
        BinaryPrimitives.WriteUInt32LittleEndian(init, 7);
        BinaryPrimitives.WriteUInt32LittleEndian(init[4..], 40);
        BinaryPrimitives.WriteUInt32LittleEndian(init[12..], 1u << 30);
        BinaryPrimitives.WriteUInt32LittleEndian(init[20..], 65536);
        BinaryPrimitives.WriteUInt32LittleEndian(init[32..], 1u << 5);
        BinaryPrimitives.WriteUInt32LittleEndian(init[36..], 1);
        return reply;
    }

    // fuse_attr_out: 16 bytes of validity, then fuse_attr with ino first, mode at 60, nlink at 64.
    private static byte[] AttributesReply()
    {
        byte[] reply = new byte[HeaderOut + 104];
        BinaryPrimitives.WriteUInt64LittleEndian(reply.AsSpan(HeaderOut), 3600);
        Span<byte> attributes = reply.AsSpan(HeaderOut + 16);
        BinaryPrimitives.WriteUInt64LittleEndian(attributes, 1);
        BinaryPrimitives.WriteUInt32LittleEndian(attributes[60..], 0x81A4);
        BinaryPrimitives.WriteUInt32LittleEndian(attributes[64..], 1);
        return reply;
    }
}
