using MountHelper;
using MountHelper.Grants;
using ServiceHost.Linux;

namespace Grants.Tests;

/// <summary>Directories as id-mapped clones, on the filesystems a source can be on.</summary>
[Trait("Needs", "root")]
public sealed class DirectoryGrantTests : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly ShiftedNamespace _namespace = new();

    public void Dispose()
    {
        _namespace.Dispose();
        _scratch.Dispose();
    }

    [Theory]
    [InlineData("tmpfs")]
    [InlineData("ext4")]
    public void Owners_look_shifted_and_an_owner_outside_the_map_cannot_create(string type)
    {
        string source = type == "tmpfs" ? _scratch.Mount("source", "-t", "tmpfs", "none") : MountExt4();
        File.WriteAllText(source + "/file", "x");
        Scratch.Run("chown", "1234:4321", source + "/file");
        using DirectoryGrant grant = Grant(source);

        Statx file = Through.Stat(grant.ReadWrite!, "file");
        Assert.Equal((ShiftedNamespace.Base + 1234, ShiftedNamespace.Base + 4321), (file.Uid, file.Gid));
        Statx same = Through.Stat(grant.ReadOnly, "file");
        Assert.Equal((file.Uid, file.Ino), (same.Uid, same.Ino));

        // Creating needs an owner the map knows; the test's own uid 0 is not one of them.
        Assert.Equal(Errno.EOVERFLOW, Through.Open(grant.ReadWrite!, "new", OpenFlags.Create | OpenFlags.WriteOnly, 0x180));
    }

    [Fact]
    public void Dot_dot_ends_at_the_grant()
    {
        string source = _scratch.Mount("source", "-t", "tmpfs", "none") + "/a/b";
        Directory.CreateDirectory(source);
        using DirectoryGrant grant = Grant(source);
        ulong root = Through.Stat(grant.ReadWrite!, "").Ino;
        Assert.Equal(root, Through.Stat(grant.ReadWrite!, "..").Ino);
        Assert.Equal(root, Through.Stat(grant.ReadOnly, "../../..").Ino);
    }

    [Fact]
    public void The_read_only_clone_refuses_every_write_and_a_read_only_grant_has_no_other()
    {
        string source = _scratch.Mount("source", "-t", "tmpfs", "none");
        File.WriteAllText(source + "/file", "x");
        using DirectoryGrant grant = Grant(source, readOnly: true);
        Assert.Null(grant.ReadWrite);
        Assert.Equal(0ul, grant.ReadWriteMountId);
        Assert.NotEqual(0ul, grant.ReadOnlyMountId);
        Assert.Equal(Errno.EROFS, Through.Open(grant.ReadOnly, "file", OpenFlags.WriteOnly));
        Assert.Equal(Errno.EROFS, Through.Open(grant.ReadOnly, "new", OpenFlags.Create | OpenFlags.WriteOnly, 0x180));
        Assert.Equal(Errno.EROFS, Libc.Mkdirat(grant.ReadOnly, CString.FromTerminated("d\0"u8), 0x1C0));
    }

    [Fact]
    public void The_two_clones_are_two_mounts_and_neither_is_in_the_mount_table()
    {
        string source = _scratch.Mount("source", "-t", "tmpfs", "none");
        int before = Mounts();
        using (DirectoryGrant grant = Grant(source))
        {
            Assert.NotEqual(grant.ReadWriteMountId, grant.ReadOnlyMountId);
            Assert.Equal(before, Mounts());
        }

        Assert.Equal(before, Mounts());
        Scratch.Run("umount", source);
    }

    [Fact]
    public void Devices_on_the_tree_cannot_be_opened_unless_the_administrator_said_dev()
    {
        string source = _scratch.Mount("source", "-t", "tmpfs", "none");
        Scratch.Run("mknod", "-m", "666", source + "/null", "c", "1", "3");
        using (DirectoryGrant grant = Grant(source))
        {
            Assert.Equal(Errno.EACCES, Through.Open(grant.ReadWrite!, "null", OpenFlags.ReadOnly));
        }

        using (DirectoryGrant grant = Grant(source, allowDev: true))
        {
            Assert.Equal(Errno.None, Through.Open(grant.ReadWrite!, "null", OpenFlags.ReadOnly));
        }
    }

    [Theory]
    [InlineData(MountAttributes.None, false)]
    [InlineData(MountAttributes.NoAtime, false)]
    [InlineData(MountAttributes.StrictAtime, true)]
    public void A_file_that_was_read_a_moment_ago_gets_a_new_access_time_under_strictatime_alone(MountAttributes wanted, bool changes)
    {
        // Relative access times look at no date behind the last change; this one is ahead of it.
        Assert.Equal(changes, AccessTimeChanges(wanted, DateTime.UtcNow.AddHours(1)));
    }

    [Theory]
    [InlineData(MountAttributes.None, true)]
    [InlineData(MountAttributes.NoAtime, false)]
    public void A_file_not_read_for_years_keeps_its_access_time_under_noatime_alone(MountAttributes wanted, bool changes) =>
        Assert.Equal(changes, AccessTimeChanges(wanted, new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc)));

    private bool AccessTimeChanges(MountAttributes wanted, DateTime before)
    {
        string source = _scratch.Mount("source", "-t", "tmpfs", "-o", "relatime", "none");
        string file = source + "/file";
        File.WriteAllText(file, "x");
        File.SetLastAccessTimeUtc(file, before);
        using DirectoryGrant grant = Grant(source, accessTimes: wanted);
        Assert.Equal(
            Errno.None,
            Libc.Openat(grant.ReadWrite!, CString.FromTerminated("file\0"u8), OpenFlags.ReadOnly, 0, out OwnedFd opened));
        using (opened)
        {
            Assert.Equal(Errno.None, Libc.Pread(opened, new byte[1], 0, out _));
        }

        return File.GetLastAccessTimeUtc(file) != before;
    }

    [Fact]
    public void Submounts_that_can_be_mapped_come_along()
    {
        string source = _scratch.Mount("source", "-t", "tmpfs", "none");
        string below = _scratch.Mount("source/below", "-t", "tmpfs", "none");
        File.WriteAllText(below + "/inner", "x");
        using DirectoryGrant grant = Grant(source, root: false);
        Assert.Equal(ShiftedNamespace.Base, Through.Stat(grant.ReadWrite!, "below/inner").Uid);
        Assert.Equal(Errno.EROFS, Through.Open(grant.ReadOnly, "below/inner", OpenFlags.WriteOnly));
    }

    [Fact]
    public void A_submount_that_cannot_be_mapped_shows_what_it_covers_to_root_and_is_refused_to_others()
    {
        string source = _scratch.Mount("source", "-t", "tmpfs", "none");
        Directory.CreateDirectory(source + "/below");
        File.WriteAllText(source + "/below/covered", "x");
        _scratch.Mount("source/below", "-t", "proc", "none");
        using (DirectoryGrant grant = Grant(source))
        {
            Assert.Equal(Errno.None, Through.Open(grant.ReadWrite!, "below/covered", OpenFlags.ReadOnly));
        }

        GrantRefusal refusal = Refuse(source, root: false);
        Assert.Equal(RefusalKind.CoveredDirectories, refusal.Kind);
        Assert.Contains("below", refusal.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refusal_shows_the_letters_of_a_name_and_spells_out_the_rest()
    {
        string source = _scratch.Mount("source", "-t", "tmpfs", "none");
        string below = _scratch.Mount("source/Über\nuns", "-t", "tmpfs", "none");
        Scratch.Run("mount", "--make-unbindable", below);
        Assert.StartsWith($"{source}/Über\\u{{a}}uns is mounted below {source} ", Refuse(source, root: false).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unbindable_submount_is_refused_to_others_because_a_clone_leaves_it_out()
    {
        string source = _scratch.Mount("source", "-t", "tmpfs", "none");
        string below = _scratch.Mount("source/below", "-t", "tmpfs", "none");
        Scratch.Run("mount", "--make-unbindable", below);
        Assert.Equal(RefusalKind.CoveredDirectories, Refuse(source, root: false).Kind);
        Grant(source).Dispose();
    }

    /// <summary>The kernel's doing, and relied upon: it propagates nothing into a detached tree, where a new mount would not be mapped.</summary>
    [Fact]
    public void A_mount_made_later_below_a_shared_source_does_not_appear_in_the_clone()
    {
        string source = _scratch.Mount("source", "-t", "tmpfs", "none");
        Scratch.Run("mount", "--make-shared", source);
        Directory.CreateDirectory(source + "/below");
        using DirectoryGrant grant = Grant(source);
        string below = _scratch.Mount("source/below", "-t", "tmpfs", "none");
        File.WriteAllText(below + "/late", "x");
        Assert.Equal(Errno.ENOENT, Through.Open(grant.ReadWrite!, "below/late", OpenFlags.ReadOnly));
    }

    [Fact]
    public void Overlayfs_is_refused_by_name_with_the_way_out()
    {
        string layers = _scratch.Mount("layers", "-t", "tmpfs", "none");
        foreach (string layer in (string[])["lower", "upper", "work"])
        {
            Directory.CreateDirectory($"{layers}/{layer}");
        }

        string source = _scratch.Mount(
            "source", "-t", "overlay", "-o", $"lowerdir={layers}/lower,upperdir={layers}/upper,workdir={layers}/work", "none");
        GrantRefusal refusal = Refuse(source, root: true);
        Assert.Equal(RefusalKind.NotIdMappable, refusal.Kind);
        Assert.Contains("overlay", refusal.Problem, StringComparison.Ordinal);
        Assert.Contains("idmap=off", refusal.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void An_id_mapped_source_is_refused_because_the_kernel_maps_once()
    {
        string source = _scratch.Mount("source", "-t", "tmpfs", "none");
        string mapped = _scratch.Folder("mapped");
        using DirectoryGrant first = Grant(source);
        using (OwnedFd mountpoint = Scratch.Pin(mapped))
        {
            Assert.Equal(Errno.None, Libc.MoveMount(first.ReadWrite!, mountpoint));
        }

        _scratch.Track(mapped);
        GrantRefusal refusal = Refuse(mapped, root: true);
        Assert.Equal(RefusalKind.AlreadyIdMapped, refusal.Kind);
    }

    [Fact]
    public void An_unbindable_source_is_not_called_unmappable()
    {
        string source = _scratch.Mount("source", "-t", "tmpfs", "none");
        Scratch.Run("mount", "--make-unbindable", source);
        GrantRefusal refusal = Refuse(source, root: true);
        Assert.Equal(RefusalKind.System, refusal.Kind);
        Assert.Contains("cloned", refusal.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void With_idmap_off_owners_are_the_hosts_and_overlayfs_is_granted()
    {
        string source = _scratch.Mount("source", "-t", "tmpfs", "none");
        File.WriteAllText(source + "/file", "x");
        Scratch.Run("chown", "1234", source + "/file");
        using OwnedFd pinned = Scratch.Pin(source);
        Assert.True(DirectoryGrant.TryCreate(Request(pinned, source, idMap: false), out DirectoryGrant? grant, out _));
        using (grant)
        {
            Assert.Equal(1234u, Through.Stat(grant.ReadWrite!, "file").Uid);
        }
    }

    private static int Mounts() => File.ReadLines("/proc/self/mountinfo").Count();

    private string MountExt4()
    {
        string image = _scratch.Path + "/image";
        using (FileStream file = File.Create(image))
        {
            file.SetLength(8 << 20);
        }

        Scratch.Run("mkfs.ext4", "-q", image);
        return _scratch.Mount("source", "-o", "loop", image);
    }

    private DirectoryGrant Grant(
        string source, bool readOnly = false, bool root = true, bool allowDev = false, MountAttributes accessTimes = MountAttributes.None)
    {
        using OwnedFd pinned = Scratch.Pin(source);
        return DirectoryGrant.TryCreate(
            Request(pinned, source, readOnly, root, allowDev, accessTimes: accessTimes), out DirectoryGrant? grant, out GrantRefusal? refusal)
            ? grant
            : throw new InvalidOperationException(refusal.ToString());
    }

    private GrantRefusal Refuse(string source, bool root)
    {
        int before = Mounts();
        using OwnedFd pinned = Scratch.Pin(source);
        Assert.False(DirectoryGrant.TryCreate(Request(pinned, source, root: root), out _, out GrantRefusal? refusal));
        Assert.Equal(before, Mounts());
        return refusal;
    }

    private DirectoryGrantRequest Request(
        OwnedFd pinned,
        string name,
        bool readOnly = false,
        bool root = true,
        bool allowDev = false,
        bool idMap = true,
        MountAttributes accessTimes = MountAttributes.None) => new()
        {
            Source = pinned,
            SourceName = name,
            UserNamespace = idMap ? _namespace.Descriptor : null,
            ReadOnly = readOnly,
            CallerIsRoot = root,
            AccessTimes = accessTimes,
            AllowDev = allowDev,
        };
}
