using Servers.Passthrough;
using ServiceHost.Fuse;
using ServiceHost.Linux;

namespace Passthrough.Tests;

/// <summary>Decision: without suid, nobody leaves a privileged file in the source.</summary>
public class PrivilegedBitsTests
{
    private static readonly PassthroughOptions s_nosuid = new() { AllowSuid = false };

    [Theory]
    [InlineData(0x9ED)] // 04755
    [InlineData(0x5ED)] // 02755
    [InlineData(0xDED)] // 06755
    public void Set_id_bits_on_a_file_are_refused_by_create_mknod_and_chmod(int mode) => DedicatedThread.Run(() =>
    {
        using TempTree tree = new();
        using TestKernel kernel = new(tree, s_nosuid);
        Assert.Equal(Errno.EPERM, kernel.TryCreate(NodeId.Root, "f", (uint)mode));
        FuseMknodIn node = new() { Mode = (uint)ModeBits.Regular | (uint)mode };
        Assert.Equal(Errno.EPERM, kernel.Call(FuseOpcode.Mknod, NodeId.Root, node, "f"u8));
        FuseCreateIn tmpfile = new() { Mode = (uint)ModeBits.Regular | (uint)mode, Flags = (uint)OpenFlags.ReadWrite };
        Assert.Equal(Errno.EPERM, kernel.Call(FuseOpcode.Tmpfile, NodeId.Root, tmpfile, "x"u8));
        FuseEntryOut f = kernel.Create(NodeId.Root, "g").Entry;
        FuseSetattrIn chmod = new() { Valid = FuseSetattrValid.Mode, Mode = (uint)mode };
        Assert.Equal(Errno.EPERM, kernel.Call(FuseOpcode.Setattr, f.NodeId, chmod));
        Assert.Equal(0x1A4u, kernel.Getattr(f.NodeId).Mode & 0xFFF);
        Assert.False(File.Exists(tree.Of("f")));
    });

    [Fact]
    public void A_directory_may_have_setgid_but_not_setuid() => DedicatedThread.Run(() =>
    {
        using TempTree tree = new();
        using TestKernel kernel = new(tree, s_nosuid);
        FuseEntryOut d = kernel.Mkdir(NodeId.Root, "d");
        Assert.Equal(0x5EDu, kernel.Setattr(d.NodeId, new FuseSetattrIn { Valid = FuseSetattrValid.Mode, Mode = 0x5ED }).Mode & 0xFFF);
        FuseSetattrIn suid = new() { Valid = FuseSetattrValid.Mode, Mode = 0x9ED };
        Assert.Equal(Errno.EPERM, kernel.Call(FuseOpcode.Setattr, d.NodeId, suid));
    });

    [Fact]
    public void File_capabilities_are_refused_and_other_attributes_are_not() => DedicatedThread.Run(() =>
    {
        using TempTree tree = new();
        using TestKernel kernel = new(tree, s_nosuid);
        FuseEntryOut f = kernel.Create(NodeId.Root, "f").Entry;
        FuseSetxattrIn set = new() { Size = 1 };
        byte[] capability = [.. "security.capability\0"u8, 1];
        Assert.Equal(Errno.EPERM, kernel.CallWithData(FuseOpcode.Setxattr, f.NodeId, set, capability));
        byte[] user = [.. "user.x\0"u8, 1];
        Assert.Equal(Errno.None, kernel.CallWithData(FuseOpcode.Setxattr, f.NodeId, set, user));
        Assert.Equal(Errno.None, kernel.Call(FuseOpcode.Getxattr, f.NodeId, new FuseGetxattrIn { Size = 16 }, "user.x"u8));
        Assert.Equal([1], kernel.Reply.ToArray());
    });

    [Fact]
    public void With_suid_the_administrator_gets_them() => DedicatedThread.Run(() =>
    {
        using TempTree tree = new();
        using TestKernel kernel = new(tree, new PassthroughOptions { AllowSuid = true });
        FuseEntryOut f = kernel.Create(NodeId.Root, "f").Entry;
        Assert.Equal(0x9EDu, kernel.Setattr(f.NodeId, new FuseSetattrIn { Valid = FuseSetattrValid.Mode, Mode = 0x9ED }).Mode & 0xFFF);
    });

    [Theory]
    [InlineData(0x9ED, true)] // 04755
    [InlineData(0x5A4, true)] // 02644
    [InlineData(0x1ED, false)]
    public void The_kernel_asks_again_each_time_about_a_file_with_set_id_bits(int mode, bool isAsked) => DedicatedThread.Run(() =>
    {
        using TempTree tree = new();
        using TestKernel kernel = new(tree, new PassthroughOptions { AllowSuid = true, AttributeTimeout = TimeSpan.FromSeconds(5) });
        FuseEntryOut f = kernel.Create(NodeId.Root, "f").Entry;
        FuseSetattrIn chmod = new() { Valid = FuseSetattrValid.Mode, Mode = (uint)mode };
        ulong expected = isAsked ? 0ul : 5;
        Assert.Equal(Errno.None, kernel.Call(FuseOpcode.Setattr, f.NodeId, chmod));
        Assert.Equal(expected, kernel.Read<FuseAttrOut>().AttrValid);
        Assert.Equal(Errno.None, kernel.Call(FuseOpcode.Getattr, f.NodeId, default(FuseGetattrIn)));
        Assert.Equal(expected, kernel.Read<FuseAttrOut>().AttrValid);
        Assert.Equal(Errno.None, kernel.Call(FuseOpcode.Lookup, NodeId.Root, default(TestKernel.Nothing), "f"u8));
        Assert.Equal(expected, kernel.Read<FuseEntryOut>().AttrValid);
        Assert.Equal(Errno.None, kernel.Call(FuseOpcode.Statx, f.NodeId, default(FuseStatxIn)));
        Assert.Equal(expected, kernel.Read<FuseStatxOut>().AttrValid);
    });
}
