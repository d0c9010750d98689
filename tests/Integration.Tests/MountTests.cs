using Integration.Tests.Support;

namespace Integration.Tests;

/// <summary>mount(8), fstab and umount(8) as a person uses them, through the helper into the contained server.</summary>
[Trait("Needs", "root")]
public sealed class MountTests(PassthroughService service) : IClassFixture<PassthroughService>
{
    [Fact]
    public void A_mounted_directory_reads_and_writes_like_the_original()
    {
        string source = service.NewSource("plain");
        File.WriteAllText(source + "/before", "before");
        service.MustMount(source, service.MountPoint);
        try
        {
            Assert.Equal("before", File.ReadAllText(service.MountPoint + "/before"));
            File.WriteAllText(service.MountPoint + "/after", "after");
            Assert.Equal("after", File.ReadAllText(source + "/after"));
            Shell.Script($"cd {service.MountPoint} && mkdir d && mv after d/moved && ln d/moved hard && ln -s hard soft && rm before");
            Assert.Equal("after", File.ReadAllText(source + "/soft"));
            Assert.Equal(
                Shell.Script($"cd {source} && find . -printf '%p %m %U %G %s %n %y %i\n' | sort"),
                Shell.Script($"cd {service.MountPoint} && find . -printf '%p %m %U %G %s %n %y %i\n' | sort"));
        }
        finally
        {
            PassthroughService.MustUnmount(service.MountPoint);
        }
    }

    [Fact]
    public void The_mount_shows_type_source_and_safe_defaults()
    {
        string source = service.NewSource("defaults");
        service.MustMount(source, service.MountPoint);
        try
        {
            MountInfo mount = MountInfo.At(service.MountPoint)!;
            Assert.Equal("fuse.passthrough", mount.Type);
            Assert.Equal(source, mount.Source);
            Assert.Contains("nosuid", mount.Options.Split(','));
            Assert.Contains("nodev", mount.Options.Split(','));
            Assert.Contains("allow_other", mount.SuperOptions.Split(','));
            Assert.Contains("default_permissions", mount.SuperOptions.Split(','));
        }
        finally
        {
            PassthroughService.MustUnmount(service.MountPoint);
        }
    }

    [Fact]
    public void An_option_that_nobody_knows_is_passed_over_only_with_mount_s()
    {
        string source = service.NewSource("sloppy");
        Outcome strict = PassthroughService.Mount(source, service.MountPoint, "nosuch=1,ro");
        Assert.Equal(32, strict.ExitCode);
        Assert.Contains("unknown option 'nosuch'", strict.Error, StringComparison.Ordinal);
        Assert.Null(MountInfo.At(service.MountPoint));

        Outcome sloppy = Shell.Run("mount", "-s", "-v", "-t", "fuse.passthrough", "-o", "nosuch=1,ro", source, service.MountPoint);
        Assert.True(sloppy.ExitCode == 0, sloppy.Error);
        try
        {
            Assert.Contains("the option 'nosuch' is not known and passed over", sloppy.Error, StringComparison.Ordinal);
            Assert.Contains("ro", MountInfo.At(service.MountPoint)!.Options.Split(','));
        }
        finally
        {
            PassthroughService.MustUnmount(service.MountPoint);
        }
    }

    [Theory]
    [InlineData("cache=auto")]
    [InlineData("writeback")]
    public void A_full_source_is_ENOSPC_to_the_writer_and_keeps_what_was_written_before(string options)
    {
        string source = service.NewMountPoint("small");
        Shell.Must("mount", "-t", "tmpfs", "-o", "size=1M", "fuservice-test", source);
        try
        {
            File.WriteAllText(source + "/before", "kept");
            service.MustMount(source, service.MountPoint, options);
            Outcome fill = Shell.Run(
                "dd", "if=/dev/zero", $"of={service.MountPoint}/large", "bs=64k", "count=64", "conv=fsync");
            Assert.Equal(1, fill.ExitCode);
            Assert.Contains("No space left on device", fill.Error, StringComparison.Ordinal);
            Assert.Equal("kept", File.ReadAllText(service.MountPoint + "/before"));
            Shell.Must("rm", service.MountPoint + "/large");
            // The server holds the file until the kernel's FORGET arrives, which nobody waits for.
            Wait.For("the space of the removed file", () => new DriveInfo(source).AvailableFreeSpace > 512 * 1024);
            File.WriteAllText(service.MountPoint + "/after", "room again");
            PassthroughService.MustUnmount(service.MountPoint);
            Assert.Equal("room again", File.ReadAllText(source + "/after"));
        }
        finally
        {
            Shell.Run("umount", "-i", "-l", service.MountPoint);
            Shell.Run("umount", "-l", source);
        }
    }

    [Fact]
    public void Setuid_files_are_honoured_and_created_only_when_the_administrator_says_so()
    {
        string source = service.NewSource("suid");
        service.MustMount(source, service.MountPoint);
        try
        {
            Assert.Contains("nosuid", MountInfo.At(service.MountPoint)!.Options.Split(','));
            Assert.NotEqual(0, Shell.Run("/bin/bash", "-c", $"cd {service.MountPoint} && touch f && chmod 4755 f").ExitCode);
        }
        finally
        {
            PassthroughService.MustUnmount(service.MountPoint);
        }

        service.MustMount(source, service.MountPoint, "allow_suid,allow_dev");
        try
        {
            Assert.DoesNotContain("nosuid", MountInfo.At(service.MountPoint)!.Options.Split(','));
            Assert.DoesNotContain("nodev", MountInfo.At(service.MountPoint)!.Options.Split(','));
            Shell.Script($"cd {service.MountPoint} && chmod 4755 f");
            Assert.Equal("4755\n", Shell.Must("stat", "-c", "%a", source + "/f"));
        }
        finally
        {
            PassthroughService.MustUnmount(service.MountPoint);
        }
    }

    [Fact]
    public void An_fstab_line_mounts_and_unmounts()
    {
        string source = service.NewSource("fstab");
        string fstab = service.Root + "/fstab";
        File.WriteAllText(fstab, $"{source} {service.MountPoint} fuse.passthrough rw,noatime,user,nofail,_netdev,x-test.word=1 0 0\n");
        Shell.Must("mount", "-T", fstab, service.MountPoint);
        try
        {
            Assert.Contains("noatime", MountInfo.At(service.MountPoint)!.Options.Split(','));
        }
        finally
        {
            PassthroughService.MustUnmount(service.MountPoint);
        }
    }

    [Theory]
    [InlineData("-l")]
    [InlineData("-f")]
    [InlineData("-c")]
    [InlineData("-i")]
    public void Every_form_of_umount_ends_the_server(string flag)
    {
        string source = service.NewSource("umount" + flag);
        ServerProcess server = service.MustMount(source, service.MountPoint);
        Shell.Must("umount", flag, service.MountPoint);
        Assert.Null(MountInfo.At(service.MountPoint));
        Wait.For("the server to end", () => !server.Alive);
    }

    [Fact]
    public void The_helper_itself_unmounts()
    {
        string source = service.NewSource("helper-umount");
        ServerProcess server = service.MustMount(source, service.MountPoint);
        Shell.Must(service.Bin + "/fuservicemount", "--unmount", service.MountPoint);
        Assert.Null(MountInfo.At(service.MountPoint));
        Wait.For("the server to end", () => !server.Alive);
    }

    [Fact]
    public void Nothing_of_a_mount_is_left_in_run_after_it()
    {
        string source = service.NewSource("leftovers");
        service.MustMount(source, service.MountPoint);
        Assert.NotEmpty(RegistryEntries());
        PassthroughService.MustUnmount(service.MountPoint);

        // A plain umount by root may bypass the helper; whoever comes next reaps the entry.
        service.MustMount(source, service.MountPoint);
        Assert.Single(RegistryEntries());
        Shell.Must(service.Bin + "/fuservicemount", "--unmount", service.MountPoint);
        Assert.Empty(RegistryEntries());
        Assert.DoesNotContain(service.MountPoint, File.Exists("/run/mount/utab") ? File.ReadAllText("/run/mount/utab") : "", StringComparison.Ordinal);
    }

    [Fact]
    public void A_read_only_mount_refuses_writes_and_remount_makes_it_writable_only_on_request()
    {
        string source = service.NewSource("readonly");
        File.WriteAllText(source + "/file", "x");
        service.MustMount(source, service.MountPoint, "ro");
        try
        {
            Assert.ThrowsAny<IOException>(() => File.WriteAllText(service.MountPoint + "/file", "y"));
            Assert.Equal("x", File.ReadAllText(source + "/file"));
        }
        finally
        {
            PassthroughService.MustUnmount(service.MountPoint);
        }
    }

    [Fact]
    public void Remount_changes_the_flags_of_the_one_mount()
    {
        string source = service.NewSource("remount");
        service.MustMount(source, service.MountPoint);
        try
        {
            Shell.Must("mount", "-o", "remount,ro", service.MountPoint);
            Assert.Contains("ro", MountInfo.At(service.MountPoint)!.Options.Split(','));
            Assert.Single(MountInfo.All(), m => m.MountPoint == service.MountPoint);
            Assert.ThrowsAny<IOException>(() => File.WriteAllText(service.MountPoint + "/file", "y"));
            Shell.Must("mount", "-o", "remount,rw", service.MountPoint);
            File.WriteAllText(service.MountPoint + "/file", "z");
            Assert.Single(MountInfo.All(), m => m.MountPoint == service.MountPoint);
        }
        finally
        {
            PassthroughService.MustUnmount(service.MountPoint);
        }
    }

    [Theory]
    [InlineData("no_such_option", "no_such_option")]
    [InlineData("attr_timeout=x", "attr_timeout")]
    public void A_wrong_option_is_refused_by_name_and_nothing_is_mounted(string options, string named)
    {
        string source = service.NewSource("wrong-option");
        Outcome outcome = PassthroughService.Mount(source, service.MountPoint, options);
        Assert.NotEqual(0, outcome.ExitCode);
        Assert.Contains(named, outcome.Error, StringComparison.Ordinal);
        Assert.Null(MountInfo.At(service.MountPoint));
        Assert.Null(ServerProcess.Of(service.MountPoint));
    }

    [Fact]
    public void Blanks_and_commas_in_paths_are_only_bytes()
    {
        string source = service.NewSource("with blank,comma");
        string target = service.NewMountPoint("mnt with blank");
        File.WriteAllText(source + "/file", "x");
        service.MustMount(source, target);
        try
        {
            Assert.Equal("x", File.ReadAllText(target + "/file"));
        }
        finally
        {
            PassthroughService.MustUnmount(target);
        }
    }

    private static string[] RegistryEntries() =>
        Directory.Exists("/run/fuservice/mounts")
            ? [.. Directory.EnumerateFiles("/run/fuservice/mounts").Where(f => char.IsAsciiHexDigit(Path.GetFileName(f)[0]))]
            : [];
}
