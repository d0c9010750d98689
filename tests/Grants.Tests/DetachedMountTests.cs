using System.Text;
using MountHelper;
using MountHelper.Mounting;
using MountHelper.Registry;
using ServiceHost.Linux;

namespace Grants.Tests;

/// <summary>FUSE mounts without a server: whatever asked the filesystem would wait for INIT for ever, so these tests hang if we do.</summary>
[Trait("Needs", "root")]
public sealed class DetachedMountTests : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly OwnedFd _device;
    private readonly string _folder;
    private readonly OwnedFd _mountpoint;

    public DetachedMountTests()
    {
        Assert.Equal(Errno.None, Libc.Openat(
            Fd.Cwd, CString.FromTerminated("/dev/fuse\0"u8), OpenFlags.ReadWrite, 0, out OwnedFd device));
        _device = device;
        _folder = _scratch.Folder("mount point");
        _mountpoint = Scratch.Pin(_folder);
    }

    public void Dispose()
    {
        // The last device descriptor first: that aborts the connection, and nothing waits for an answer any more.
        _device.Dispose();
        _mountpoint.Dispose();
        _scratch.Dispose();
    }

    [Fact]
    public void Nothing_is_visible_before_the_attach_and_nothing_after_a_roll_back()
    {
        using (DetachedMount mount = Create())
        {
            Assert.Empty(Visible());
            Assert.NotEqual(0ul, mount.Name.UniqueId);
            Assert.NotEqual(0u, mount.Name.Connection);
        }

        Assert.Empty(Visible());
    }

    [Fact]
    public void Attach_makes_one_mount_with_what_was_asked_and_dispose_leaves_it()
    {
        MountName name;
        using (DetachedMount mount = Create())
        {
            Assert.True(mount.TryAttach(_mountpoint, out _));
            _scratch.Track(_folder);
            name = mount.Name;
        }

        string line = Assert.Single(Visible());
        Assert.Contains(" fuse.granttest the\\040source ", line, StringComparison.Ordinal);
        Assert.Equal(" rw,nosuid,nodev,relatime ", Options(line));
        Assert.Contains("user_id=0,group_id=0,default_permissions,allow_other", line, StringComparison.Ordinal);
        Assert.Contains($" 0:{name.DeviceMinor} ", line, StringComparison.Ordinal);
        using OwnedFd root = Scratch.Pin(_folder);
        Assert.Equal(name, MountName.Of(root));
    }

    [Fact]
    public void It_can_be_attached_onto_a_file()
    {
        string file = _scratch.Path + "/file";
        File.WriteAllText(file, "");
        using OwnedFd pinned = Scratch.Pin(file);
        Assert.True(DetachedMount.TryCreate(Request(rootMode: 0x8000), _device, pinned, out DetachedMount? mount, out _));
        using (mount)
        {
            Assert.True(mount.TryAttach(pinned, out _));
            _scratch.Track(file);
        }

        Assert.Single(Visible());
    }

    [Fact]
    public void A_directory_is_not_attached_onto_a_file()
    {
        string file = _scratch.Path + "/file";
        File.WriteAllText(file, "");
        using OwnedFd pinned = Scratch.Pin(file);
        using DetachedMount mount = Create();
        Assert.False(mount.TryAttach(pinned, out GrantRefusal? refusal));
        Assert.Equal(Errno.EINVAL, refusal.Errno);
        Assert.Empty(Visible());
    }

    [Fact]
    public void An_option_the_kernel_does_not_know_is_refused_in_its_own_words()
    {
        Assert.False(DetachedMount.TryCreate(
            Request(words: ["frobnicate=3"]), _device, _mountpoint, out _, out GrantRefusal? refusal));
        Assert.Equal(RefusalKind.UnknownOption, refusal.Kind);
        Assert.Contains("frobnicate", refusal.Problem, StringComparison.Ordinal);
        Assert.Contains("Unknown parameter", refusal.Problem, StringComparison.Ordinal);
        Assert.Empty(Visible());
    }

    [Fact]
    public void A_descriptor_that_is_not_fuse_is_refused()
    {
        Assert.False(DetachedMount.TryCreate(Request(), _mountpoint, _mountpoint, out _, out GrantRefusal? refusal));
        Assert.Equal(Errno.EINVAL, refusal.Errno);
    }

    [Fact]
    public void Another_users_mount_has_an_identity_although_root_may_not_look_into_it()
    {
        SuperblockRequest request = new()
        {
            FilesystemType = "fuse",
            Subtype = "granttest",
            Source = "x"u8.ToArray(),
            RootMode = 0x4000,
            UserId = 1000,
            GroupId = 1000,
        };
        Assert.True(DetachedMount.TryCreate(request, _device, _mountpoint, out DetachedMount? mount, out _));
        using (mount)
        {
            Assert.NotEqual(0u, mount.Name.Connection);
            Assert.NotEqual(0ul, mount.Name.UniqueId);
        }
    }

    [Fact]
    public void Without_fsopen_the_mount_is_visible_at_once_and_undone_by_the_roll_back()
    {
        Assert.True(DetachedMount.TryCreateLegacy(
            Request(), _device, _mountpoint, out DetachedMount? mount, out GrantRefusal? refusal), refusal?.ToString());
        using (mount)
        {
            Assert.True(mount.IsVisible);
            string line = Assert.Single(Visible());
            Assert.Contains(" fuse.granttest the\\040source ", line, StringComparison.Ordinal);
            Assert.Contains($" 0:{mount.Name.DeviceMinor} ", line, StringComparison.Ordinal);
        }

        Assert.Empty(Visible());
    }

    [Fact]
    public void Without_fsopen_an_attached_mount_stays()
    {
        Assert.True(DetachedMount.TryCreateLegacy(Request(), _device, _mountpoint, out DetachedMount? mount, out _));
        _scratch.Track(_folder);
        using (mount)
        {
            Assert.True(mount.TryAttach(_mountpoint, out _));
        }

        Assert.Single(Visible());
    }

    [Fact]
    public void Without_fsopen_a_word_with_a_comma_is_refused_and_not_split()
    {
        Assert.False(DetachedMount.TryCreateLegacy(
            Request(words: ["context=a,allow_other"]), _device, _mountpoint, out _, out GrantRefusal? refusal));
        Assert.Equal(RefusalKind.UnknownOption, refusal.Kind);
        Assert.Empty(Visible());
    }

    [Fact]
    public void Remount_changes_the_flags_of_the_one_mount_there_is()
    {
        Attach();
        using OwnedFd root = Scratch.Pin(_folder);
        Assert.True(new RemountFlags(MountAttributes.ReadOnly | MountAttributes.NoExec, MountAttributes.NoDev).TryApply(root, out _));
        Assert.Contains(" ro,nosuid,noexec", Options(Assert.Single(Visible())), StringComparison.Ordinal);
        Assert.True(new RemountFlags(MountAttributes.NoAtime, MountAttributes.ReadOnly | MountAttributes.NoExec).TryApply(root, out _));
        Assert.Equal(" rw,nosuid,noatime ", Options(Assert.Single(Visible())));
        Assert.True(new RemountFlags(MountAttributes.None, MountAttributes.NoAtime).TryApply(root, out _));
        Assert.Equal(" rw,nosuid,relatime ", Options(Assert.Single(Visible())));
    }

    [Fact]
    public void Remount_refuses_what_belongs_to_the_superblock()
    {
        Attach();
        using OwnedFd root = Scratch.Pin(_folder);
        Assert.False(new RemountFlags(MountAttributes.IdMap, MountAttributes.None).TryApply(root, out GrantRefusal? refusal));
        Assert.Equal(RefusalKind.NotRemountable, refusal.Kind);
    }

    [Theory]
    [InlineData(UnmountFlags.None)]
    [InlineData(UnmountFlags.Detach)]
    [InlineData(UnmountFlags.Force)]
    public void Unmount_takes_the_mount_its_entry_and_its_utab_line(UnmountFlags flags)
    {
        using Scratch run = new();
        Assert.True(MountRegistry.TryOpen(out MountRegistry? registry, out _, run.Path + "/mounts"));
        using (registry)
        {
            MountName name = Attach();
            Assert.True(registry.TryReserve(0, Deadline.In(TimeSpan.FromSeconds(5)), out MountReservation? reservation, out _));
            Assert.True(reservation.TryConfirm(
                reservation.Entry with { Mount = name, Mountpoint = Encoding.UTF8.GetBytes(_folder) }, out _));
            reservation.Keep();
            Assert.Equal(Errno.None, UtabFile.Add("x"u8, Encoding.UTF8.GetBytes(_folder), "fuse.granttest"));

            Assert.True(Unmounter.TryUnmount(Scratch.Pin(_folder), flags, registry, out GrantRefusal? refusal), refusal?.ToString());
            Assert.Empty(Visible());
            Assert.Empty(registry.ReadLive());
            Assert.DoesNotContain(_scratch.Path, File.ReadAllText("/run/mount/utab"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_busy_mount_is_not_unmounted_and_keeps_its_entry()
    {
        using Scratch run = new();
        Assert.True(MountRegistry.TryOpen(out MountRegistry? registry, out _, run.Path + "/mounts"));
        using (registry)
        {
            MountName name = Attach();
            Assert.True(registry.TryReserve(0, Deadline.In(TimeSpan.FromSeconds(5)), out MountReservation? reservation, out _));
            Assert.True(reservation.TryConfirm(reservation.Entry with { Mount = name }, out _));
            reservation.Keep();
            using OwnedFd user = Scratch.Pin(_folder);
            Assert.False(Unmounter.TryUnmount(Scratch.Pin(_folder), UnmountFlags.None, registry, out GrantRefusal? refusal));
            Assert.Equal(Errno.EBUSY, refusal.Errno);
            Assert.NotNull(registry.Find(name));
            Assert.Single(Visible());
        }
    }

    [Fact]
    public void A_plain_directory_is_not_unmounted()
    {
        using Scratch run = new();
        Assert.True(MountRegistry.TryOpen(out MountRegistry? registry, out _, run.Path + "/mounts"));
        using (registry)
        {
            Assert.False(Unmounter.TryUnmount(Scratch.Pin(_folder), UnmountFlags.Detach, registry, out GrantRefusal? refusal));
            Assert.Equal(RefusalKind.NotMounted, refusal.Kind);
        }
    }

    private static SuperblockRequest Request(uint rootMode = 0x4000, params string[] words) => new()
    {
        FilesystemType = "fuse",
        Subtype = "granttest",
        Source = "the source"u8.ToArray(),
        RootMode = rootMode,
        UserId = 0,
        GroupId = 0,
        AllowOther = true,
        DefaultPermissions = true,
        Attributes = MountAttributes.NoSuid | MountAttributes.NoDev,
        SuperblockWords = words,
    };

    private DetachedMount Create() =>
        DetachedMount.TryCreate(Request(), _device, _mountpoint, out DetachedMount? mount, out GrantRefusal? refusal)
            ? mount
            : throw new InvalidOperationException(refusal.ToString());

    private MountName Attach()
    {
        using DetachedMount mount = Create();
        Assert.True(mount.TryAttach(_mountpoint, out _));
        _scratch.Track(_folder);
        return mount.Name;
    }

    private static string[] Visible() =>
        [.. File.ReadLines("/proc/self/mountinfo").Where(static line => line.Contains("granttest", StringComparison.Ordinal))];

    /// <summary>The options of the mount itself, with the blanks around them.</summary>
    private static string Options(string line) => $" {line.Split(' ')[5]} ";
}
