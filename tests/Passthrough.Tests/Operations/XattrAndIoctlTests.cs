using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using ServiceHost.Fuse;
using ServiceHost.Linux;

namespace Passthrough.Tests;

public class XattrAndIoctlTests
{
    private const uint FS_IOC_GETFLAGS = 0x8008_6601;
    private const uint FS_IOC_SETFLAGS = 0x4008_6602;
    private const uint FS_IOC_SETVERSION = 0x4008_7602;
    private const uint FITRIM = 0xC018_5879;

    [Fact]
    public void Attributes_are_set_sized_read_listed_and_removed() => DedicatedThread.Run(() =>
    {
        using TempTree tree = new();
        using TestKernel kernel = new(tree);
        NodeId d = kernel.Mkdir(NodeId.Root, "d").NodeId;
        Assert.Equal(Errno.None, Set(kernel, d, "user.a", "value"));
        Assert.Equal(Errno.None, kernel.Call(FuseOpcode.Getxattr, d, default(FuseGetxattrIn), "user.a"u8));
        Assert.Equal(5u, kernel.Read<FuseGetxattrOut>().Size);
        Assert.Equal(Errno.ERANGE, kernel.Call(FuseOpcode.Getxattr, d, new FuseGetxattrIn { Size = 4 }, "user.a"u8));
        Assert.Equal(Errno.None, kernel.Call(FuseOpcode.Getxattr, d, new FuseGetxattrIn { Size = 64 }, "user.a"u8));
        Assert.Equal("value"u8.ToArray(), kernel.Reply.ToArray());
        Assert.Equal(Errno.ENODATA, kernel.Call(FuseOpcode.Getxattr, d, new FuseGetxattrIn { Size = 64 }, "user.b"u8));
        Assert.Equal(Errno.None, kernel.Call(FuseOpcode.Listxattr, d, new FuseGetxattrIn { Size = 64 }));
        Assert.Equal("user.a\0", Encoding.UTF8.GetString(kernel.Reply));
        Assert.Equal(Errno.EEXIST, Set(kernel, d, "user.a", "x", XattrFlags.Create));
        Assert.Equal(Errno.None, kernel.Call(FuseOpcode.Removexattr, d, default(TestKernel.Nothing), "user.a"u8));
        Assert.Equal(Errno.ENODATA, Set(kernel, d, "user.a", "x", XattrFlags.Replace));
    });

    [Fact]
    [Trait("Needs", "root")]
    public void Trusted_attributes_of_the_source_do_not_exist_here() => DedicatedThread.Run(() =>
    {
        using TempTree tree = new();
        using TestKernel kernel = new(tree);
        NodeId d = kernel.Mkdir(NodeId.Root, "d").NodeId;
        foreach (string name in new[] { "trusted.a", "user.b", "trusted.c", "user.trusted." })
        {
            CString path = CString.FromTerminated(CString.Allocate(tree.Of("d")));
            Assert.Equal(Errno.None, Libc.Setxattr(path, CString.FromTerminated(CString.Allocate(name)), "x"u8, XattrFlags.None));
        }

        Assert.Equal(Errno.None, kernel.Call(FuseOpcode.Listxattr, d, new FuseGetxattrIn { Size = 256 }));
        Assert.Equal(["user.b", "user.trusted."], Encoding.UTF8.GetString(kernel.Reply).Split('\0', StringSplitOptions.RemoveEmptyEntries).Order());
        Assert.Equal(Errno.ENODATA, kernel.Call(FuseOpcode.Getxattr, d, new FuseGetxattrIn { Size = 64 }, "trusted.a"u8));
        Assert.Equal(Errno.EPERM, Set(kernel, d, "trusted.a", "y"));
        Assert.Equal(Errno.EPERM, kernel.Call(FuseOpcode.Removexattr, d, default(TestKernel.Nothing), "trusted.a"u8));
    });

    [Fact]
    public void Ioctls_that_are_not_on_the_list_do_not_reach_the_source() => DedicatedThread.Run(() =>
    {
        using TempTree tree = new();
        using TestKernel kernel = new(tree);
        (FuseEntryOut f, FileHandle fh) = kernel.Create(NodeId.Root, "f");
        foreach (uint command in new[] { FS_IOC_SETVERSION, FITRIM, 0u, 0x1234u })
        {
            FuseIoctlIn ioctl = new() { Fh = fh, Cmd = command, InSize = 8, OutSize = 32 };
            Assert.Equal(Errno.ENOTTY, kernel.CallWithData(FuseOpcode.Ioctl, f.NodeId, ioctl, new byte[8]));
        }
    });

    [Fact]
    public void Flags_are_read_as_the_source_has_them() => DedicatedThread.Run(() =>
    {
        using TempTree tree = new();
        using TestKernel kernel = new(tree);
        (FuseEntryOut f, FileHandle fh) = kernel.Create(NodeId.Root, "f");
        using FileStream native = File.OpenRead(tree.Of("f"));
        byte[] expected = new byte[8];
        Errno errno = Libc.Ioctl(new Fd((int)native.SafeFileHandle.DangerousGetHandle()), FS_IOC_GETFLAGS, expected, out _);
        FuseIoctlIn ioctl = new() { Fh = fh, Cmd = FS_IOC_GETFLAGS, OutSize = 4 };
        Assert.Equal(errno, kernel.Call(FuseOpcode.Ioctl, f.NodeId, ioctl));
        if (errno.IsOk)
        {
            uint flags = BinaryPrimitives.ReadUInt32LittleEndian(kernel.Reply[16..]);
            Assert.Equal(BinaryPrimitives.ReadUInt32LittleEndian(expected), flags);
        }
    });

    [Fact]
    public void Flags_that_were_set_make_the_kernel_ask_for_the_attributes_again() => DedicatedThread.Run(() =>
    {
        using TempTree tree = new();
        using TestKernel kernel = new(tree);
        (FuseEntryOut f, FileHandle fh) = kernel.Create(NodeId.Root, "f");
        FuseIoctlIn get = new() { Fh = fh, Cmd = FS_IOC_GETFLAGS, OutSize = 4 };
        Errno errno = kernel.Call(FuseOpcode.Ioctl, f.NodeId, get);
        Assert.SkipWhen(errno.IsError, $"the temporary directory's filesystem has no flags: {errno}");
        Assert.Empty(kernel.Notifications(FuseNotifyCode.InvalInode));
        byte[] flags = [.. kernel.Reply[16..20], 0, 0, 0, 0];
        FuseIoctlIn set = new() { Fh = fh, Cmd = FS_IOC_SETFLAGS, InSize = 4 };
        Assert.Equal(Errno.None, kernel.CallWithData(FuseOpcode.Ioctl, f.NodeId, set, flags.AsSpan(0, 4)));
        FuseNotifyInvalInodeOut sent = MemoryMarshal.Read<FuseNotifyInvalInodeOut>(Assert.Single(kernel.Notifications(FuseNotifyCode.InvalInode)));
        Assert.Equal((f.NodeId, -1L), (sent.Ino, sent.Off));
    });

    private static Errno Set(TestKernel kernel, NodeId node, string name, string value, XattrFlags flags = 0)
    {
        byte[] data = [.. Encoding.UTF8.GetBytes(name), 0, .. Encoding.UTF8.GetBytes(value)];
        return kernel.CallWithData(FuseOpcode.Setxattr, node, new FuseSetxattrIn { Size = (uint)value.Length, Flags = (uint)flags }, data);
    }
}
