using System.Text;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper.Tests;

internal sealed partial class ServerEnd
{
    public byte[][] Arguments { get; private set; } = [];

    public void GreetV1()
    {
        Assert.True(V1Hello.TryDecode(Receive(), out _));
        Say(new V1HelloReply(1).Encode());
        ReceiveV1Files();
    }

    /// <summary>The next packet as it is. The one that brings the arguments is the first with a descriptor.</summary>
    public byte[] ReceiveV1(out bool hasFd)
    {
        List<OwnedFd> fds = [];
        byte[] packet = Receive(fds);
        hasFd = fds.Count == 1;
        if (hasFd && Arguments.Length == 0)
        {
            Assert.Equal(ArgumentFault.None, ArgumentMemfd.TryRead(fds[0], out byte[][] arguments));
            Arguments = arguments;
        }

        return packet;
    }

    public void ReceiveV1Files()
    {
        List<OwnedFd> argv = [];
        Assert.True(V1File.TryDecode(Receive(argv), out V1File file));
        Assert.Equal("argv"u8.ToArray(), file.Path);
        Assert.Equal(ArgumentFault.None, ArgumentMemfd.TryRead(argv[0], out byte[][] arguments));
        Arguments = arguments;
        Assert.True(V1File.TryDecode(Receive(Devices), out file));
        Assert.Equal("fusedev"u8.ToArray(), file.Path);
    }

    public V1File Open(string path, uint flags = 0, bool block = false, uint requestFlags = 0, uint blockSize = 0)
    {
        Say(new V1OpenCommand(block, flags, 0x1A4, (V1OpenFlags)requestFlags, blockSize, Encoding.UTF8.GetBytes(path)).Encode());
        Assert.True(V1File.TryDecode(Receive(Granted), out V1File file));
        return file;
    }

    public Errno Tell(string tag, string value)
    {
        Say(String(tag, value));
        return ReceiveReply();
    }

    public static byte[] String(string tag, string value) => [.. Encoding.ASCII.GetBytes(tag), .. Encoding.UTF8.GetBytes(value), 0];

    public static byte[] Mountpoint(string path, ushort format = V1MountpointCommand.Directory) =>
        new V1MountpointCommand(format, Encoding.UTF8.GetBytes(path)).Encode();

    public Errno ReceiveReply()
    {
        Assert.True(V1Reply.TryDecode(Receive(), out V1Reply reply));
        return reply.Error;
    }

    public Errno Choose(V1FsopenFlags flags = V1FsopenFlags.None)
    {
        Say(new V1FsopenCommand(flags).Encode());
        return ReceiveReply();
    }

    /// <summary>TYPE, NAME, MNTP, all as they should be.</summary>
    public void DescribeV1(string mountpoint)
    {
        Assert.Equal(Errno.None, Choose());
        Assert.Equal(Errno.None, Tell("NAME", "name"));
        Say(Mountpoint(mountpoint));
        Assert.Equal(Errno.None, ReceiveReply());
    }

    public Errno DoIt(uint flags = 0)
    {
        Say(new V1MountCommand(flags).Encode());
        return ReceiveReply();
    }

    public void MountV1(string mountpoint, uint flags = 0)
    {
        GreetV1();
        DescribeV1(mountpoint);
        Assert.Equal(Errno.None, DoIt(flags));
    }

    public void Bye(uint code = 0) => Say(new V1Goodbye(code).Encode());
}
