using System.Diagnostics;
using System.Globalization;
using MountHelper;
using MountHelper.Grants;
using MountHelper.Mounting;
using MountHelper.Registry;
using ServiceHost.Linux;

namespace Grants.Tests;

/// <summary>The registry in a directory of its own; some cases need ids that only root can take.</summary>
[Trait("Needs", "root")]
public sealed class MountRegistryTests(GrantProbeProgram probe) : IClassFixture<GrantProbeProgram>, IDisposable
{
    private const uint Count = 65536;
    private readonly Scratch _scratch = new();

    private string Folder => _scratch.Path + "/mounts";

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void The_directory_is_made_for_root_alone()
    {
        Open().Dispose();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Folder));
    }

    [Theory]
    [InlineData("chown 1000 \"$1\"")]
    [InlineData("chmod 777 \"$1\"")]
    public void A_directory_that_others_can_write_to_is_not_used(string spoil)
    {
        Directory.CreateDirectory(Folder);
        Scratch.Run("sh", "-c", spoil, "sh", Folder);
        Assert.False(MountRegistry.TryOpen(out _, out GrantRefusal? refusal, Folder));
        Assert.Equal((RefusalKind.Registry, Errno.EPERM), (refusal.Kind, refusal.Errno));
    }

    [Fact]
    public void A_symbolic_link_on_the_way_is_not_followed()
    {
        Directory.CreateSymbolicLink(_scratch.Path + "/link", _scratch.Folder("target"));
        Assert.False(MountRegistry.TryOpen(out _, out GrantRefusal? refusal, _scratch.Path + "/link/mounts"));
        Assert.Contains(refusal.Errno.Name, (string[])["ELOOP", "ENOTDIR"]);
    }

    [Fact]
    public void Reservations_get_different_ids_and_ranges_and_are_gone_when_disposed()
    {
        using MountRegistry registry = Open();
        using MountReservation first = Reserve(registry);
        using MountReservation second = Reserve(registry);
        Assert.NotEqual(first.Entry.Id, second.Entry.Id);
        Assert.False(first.Range.Overlaps(second.Range));
        Assert.Equal(2, registry.ReadLive().Count);
        first.Dispose();
        Assert.Equal(second.Entry.Id, Assert.Single(registry.ReadLive()).Id);
    }

    [Fact]
    public void Freed_ids_rest_until_the_pool_went_round()
    {
        using MountRegistry registry = Open();
        uint first;
        using (MountReservation reservation = Reserve(registry))
        {
            first = reservation.Range.Base;
        }

        using MountReservation next = Reserve(registry);
        Assert.Equal(first + Count, next.Range.Base);
    }

    [Fact]
    public void At_the_end_of_the_pool_the_allocation_wraps_and_goes_round_what_is_in_use()
    {
        using MountRegistry registry = Open();
        using MountReservation held = Reserve(registry);
        File.WriteAllText(Folder + "/.lock", $"{9:D20} {IdPool.Last - 10:D10}\n");
        using MountReservation wrapped = Reserve(registry);
        Assert.Equal(held.Range.End, wrapped.Range.Base);
        Assert.Equal(9ul, wrapped.Entry.Id);
    }

    [Theory]
    [InlineData("")]
    [InlineData("garbage")]
    [InlineData("0 0\n")]
    [InlineData("18446744073709551616 1879048192\n")]
    public void Garbage_in_the_state_never_replaces_a_living_entry(string state)
    {
        using MountRegistry registry = Open();
        using MountReservation held = Reserve(registry);
        File.WriteAllText(Folder + "/.lock", state);
        using MountReservation next = Reserve(registry);
        Assert.NotEqual(held.Entry.Id, next.Entry.Id);
        Assert.False(held.Range.Overlaps(next.Range));
    }

    [Fact]
    public void Two_allocators_at_once_never_share_an_id()
    {
        Process[] allocators = [.. Enumerable.Range(0, 2).Select(_ => probe.Start("allocate", Folder, "65536", "40", "hold"))];
        try
        {
            List<HostIdRange> ranges = [.. allocators.SelectMany(static allocator => Enumerable.Range(0, 40).Select(_ =>
            {
                string[] fields = allocator.StandardOutput.ReadLine()!.Split(' ');
                return new HostIdRange(
                    uint.Parse(fields[1], CultureInfo.InvariantCulture), uint.Parse(fields[2], CultureInfo.InvariantCulture));
            }))];
            Assert.Equal(80, ranges.Count);
            Assert.All(ranges, range => Assert.DoesNotContain(ranges, other => other != range && other.Overlaps(range)));
            Assert.Equal(80, ranges.Distinct().Count());
        }
        finally
        {
            foreach (Process allocator in allocators)
            {
                allocator.StandardInput.Close();
                allocator.WaitForExit();
                allocator.Dispose();
            }
        }
    }

    [Theory]
    [InlineData("--reuid")]
    [InlineData("--regid")]
    [InlineData("--groups")]
    public void A_living_process_with_an_id_in_the_range_blocks_it(string kind)
    {
        uint id = IdPool.First + 500;
        string[] arguments = kind == "--groups" ? ["--groups", $"{id}"] : [kind, $"{id}", "--clear-groups"];
        using Process survivor = Process.Start(new ProcessStartInfo("setpriv", [.. arguments, "sleep", "1000"]))!;
        try
        {
            Wait.For(() => File.ReadAllText($"/proc/{survivor.Id}/cmdline"), static c => c.StartsWith("sleep", StringComparison.Ordinal));
            using MountRegistry registry = Open();
            using MountReservation reservation = Reserve(registry);
            Assert.False(reservation.Range.Contains(id));
            Assert.Equal(id + 1, reservation.Range.Base);
        }
        finally
        {
            survivor.Kill();
            survivor.WaitForExit();
        }
    }

    [Fact]
    public void An_entry_of_a_dead_mounter_without_a_mount_is_reaped_by_whoever_reads()
    {
        using MountRegistry registry = Open();
        MountReservation reservation = Reserve(registry);
        Assert.True(reservation.TryConfirm(reservation.Entry with { Mount = new MountName(ulong.MaxValue / 2, 0, 1_000_000) }, out _));
        reservation.Keep();
        string file = $"{Folder}/{reservation.Entry.Id}";
        Assert.Single(registry.ReadLive());
        File.WriteAllText(file, WithDeadMounter(File.ReadAllText(file)));
        Assert.Empty(registry.ReadLive());
        Assert.False(File.Exists(file));
    }

    [Fact]
    public void A_reservation_of_a_dead_mounter_is_reaped()
    {
        using MountRegistry registry = Open();
        MountReservation reservation = Reserve(registry);
        string file = $"{Folder}/{reservation.Entry.Id}";
        File.WriteAllText(file, WithDeadMounter(File.ReadAllText(file)));
        using MountReservation next = Reserve(registry);
        Assert.Equal(next.Entry.Id, Assert.Single(registry.ReadLive()).Id);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_entry_whose_mount_is_there_stays_although_its_mounter_is_gone(bool withUniqueId)
    {
        // Any mount will do for the unique id; by device number only a FUSE mount counts.
        using MountRegistry registry = Open();
        string mount = _scratch.Mount("mnt", "-t", "tmpfs", "none");
        MountName name;
        using (OwnedFd root = Scratch.Pin(mount))
        {
            name = MountName.Of(root);
        }

        Assert.NotEqual(0ul, name.UniqueId);
        MountReservation reservation = Reserve(registry);
        Assert.True(reservation.TryConfirm(
            reservation.Entry with { Mount = withUniqueId ? name : name with { UniqueId = 0 } }, out _));
        reservation.Keep();
        string file = $"{Folder}/{reservation.Entry.Id}";
        File.WriteAllText(file, WithDeadMounter(File.ReadAllText(file)));
        Assert.Equal(withUniqueId ? 1 : 0, registry.ReadLive().Count);
        if (withUniqueId)
        {
            Scratch.Run("umount", mount);
            Assert.Empty(registry.ReadLive());
        }
    }

    /// <summary>From here the mount of another namespace cannot be seen, but its connection can.</summary>
    [Fact]
    public void An_entry_of_another_mount_namespace_lives_as_long_as_its_connection()
    {
        using MountRegistry registry = Open();
        MountReservation reservation = Reserve(registry);
        using (TinyFuseServer server = new())
        using (OwnedFd mountpoint = Scratch.Pin(_scratch.Folder("mnt")))
        {
            SuperblockRequest request = new()
            {
                FilesystemType = "fuse",
                Subtype = "granttest",
                Source = "s"u8.ToArray(),
                RootMode = 0x4000,
                UserId = 0,
                GroupId = 0,
            };
            Assert.True(DetachedMount.TryCreate(request, server.Device, mountpoint, out DetachedMount? mount, out _));
            using (mount)
            {
                server.Start();
                Assert.True(reservation.TryConfirm(reservation.Entry with { Mount = mount.Name }, out _));
                reservation.Keep();
                string file = $"{Folder}/{reservation.Entry.Id}";
                File.WriteAllText(file, string.Join('\n', WithDeadMounter(File.ReadAllText(file)).Split('\n').Select(
                    static line => line.StartsWith("mntns ", StringComparison.Ordinal) ? "mntns 1" : line)));
                Assert.Single(registry.ReadLive());
            }
        }

        Assert.Empty(registry.ReadLive());
    }

    [Fact]
    public void Files_that_are_no_entries_are_neither_believed_nor_removed()
    {
        using MountRegistry registry = Open();
        string[] strangers = ["1", "007", "-3", "notes", "99999999999999999999999", ".x"];
        foreach (string name in strangers)
        {
            File.WriteAllText($"{Folder}/{name}", "state mounted\n");
        }

        Scratch.Run("mkfifo", Folder + "/12");
        File.CreateSymbolicLink(Folder + "/13", "/etc/passwd");
        Assert.Empty(registry.ReadLive());
        using MountReservation reservation = Reserve(registry);
        Assert.All(strangers, name => Assert.Equal("state mounted\n", File.ReadAllText($"{Folder}/{name}")));
    }

    [Fact]
    public void Find_goes_by_the_unique_id_and_only_without_one_by_the_device()
    {
        using MountRegistry registry = Open();
        using MountReservation reservation = Reserve(registry);
        Assert.Null(registry.Find(new MountName(5, 0, 9)));
        Assert.True(reservation.TryConfirm(reservation.Entry with { Mount = new MountName(5, 0, 9) }, out _));
        Assert.Equal(reservation.Entry.Id, registry.Find(new MountName(5, 0, 1))?.Id);
        Assert.Null(registry.Find(new MountName(6, 0, 9)));
        Assert.Equal(reservation.Entry.Id, registry.Find(new MountName(0, 0, 9))?.Id);
        Assert.Null(registry.Find(new MountName(0, 0, 8)));
    }

    [Fact]
    public void A_stopped_holder_of_the_lock_costs_the_deadline_and_no_more()
    {
        using MountRegistry registry = Open();
        Reserve(registry).Dispose();
        using Process holder = Process.Start(new ProcessStartInfo("flock", ["-x", Folder + "/.lock", "sleep", "1000"]))!;
        try
        {
            Wait.For(() => Children.Of(holder.Id).Any(), static there => there);
            Assert.False(registry.TryReserve(
                Count, Deadline.In(TimeSpan.FromMilliseconds(200)), out _, out GrantRefusal? refusal));
            Assert.Equal((RefusalKind.Registry, Errno.ETIMEDOUT), (refusal.Kind, refusal.Errno));
        }
        finally
        {
            holder.Kill(entireProcessTree: true);
            holder.WaitForExit();
        }
    }

    private MountRegistry Open() =>
        MountRegistry.TryOpen(out MountRegistry? registry, out GrantRefusal? refusal, Folder)
            ? registry
            : throw new InvalidOperationException(refusal.ToString());

    private static MountReservation Reserve(MountRegistry registry) =>
        registry.TryReserve(Count, Deadline.In(TimeSpan.FromSeconds(10)), out MountReservation? reservation, out GrantRefusal? refusal)
            ? reservation
            : throw new InvalidOperationException(refusal.ToString());

    // A pid that exists with a start time that it never had.
    private static string WithDeadMounter(string text) => string.Join(
        '\n', text.Split('\n').Select(static l => l.StartsWith("mounter ", StringComparison.Ordinal) ? "mounter 1 1" : l));
}
