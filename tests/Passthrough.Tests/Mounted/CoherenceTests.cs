using System.IO.MemoryMappedFiles;
using System.Text;

namespace Passthrough.Tests;

/// <summary>
/// Files in passthrough, held open by somebody who came first: what is done through the mount shows beside it and the other way round, at once.
/// </summary>
[Trait("Needs", "root")]
public sealed class CoherenceTests : IDisposable
{
    // Attributes are asked for each time: what changes natively is then seen as soon as it is looked for.
    private readonly PassthroughMount _mount = new("suid,passthrough=auto,attr_timeout=0");
    private readonly string _through;
    private readonly string _native;
    private readonly FileStream _holder;

    public CoherenceTests()
    {
        _through = Path.Combine(_mount.Path, "f");
        _native = Path.Combine(_mount.Source, "f");
        File.WriteAllText(_native, "0123456789");
        _holder = Open(_through, FileAccess.Read);
    }

    public void Dispose()
    {
        _holder.Dispose();
        _mount.Dispose();
    }

    [Fact]
    public void Reader_first_writer_later_both_in_passthrough()
    {
        using (FileStream writer = Open(_through, FileAccess.Write))
        {
            RandomAccess.Write(writer.SafeFileHandle, "AB"u8, 0);
            Assert.Equal("AB23456789", ReadAll(_holder));
            Assert.Equal("AB23456789", File.ReadAllText(_native));
            RandomAccess.Write(writer.SafeFileHandle, "grown"u8, 10);
            Assert.Equal("AB23456789grown", ReadAll(_holder));
        }

        _holder.Dispose();
        _mount.Unmount();
        Assert.Contains("2 opens in passthrough, 0 ordinary, 0 writers turned away; 1 files registered", _mount.Log, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_written_natively_is_read_through_the_mount()
    {
        using FileStream native = Open(_native, FileAccess.ReadWrite);
        RandomAccess.Write(native.SafeFileHandle, "native"u8, 2);
        Assert.Equal("01native89", ReadAll(_holder));
        native.SetLength(4);
        Assert.Equal("01na", ReadAll(_holder));
        Assert.Equal(4, new FileInfo(_through).Length);
        RandomAccess.Write(native.SafeFileHandle, "x"u8, 100);
        Assert.Equal(101, ReadAll(_holder).Length);
        Assert.Equal(Stat(_native), Stat(_through));
    }

    [Fact]
    public void What_is_mapped_is_the_file_itself()
    {
        using FileStream writer = Open(_through, FileAccess.ReadWrite);
        using MemoryMappedFile map = MemoryMappedFile.CreateFromFile(writer, null, 10, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, true);
        using MemoryMappedViewAccessor view = map.CreateViewAccessor();
        view.Write(0, (byte)'M');
        Assert.Equal("M123456789", File.ReadAllText(_native));
        Assert.Equal("M123456789", ReadAll(_holder));
        using FileStream native = Open(_native, FileAccess.Write);
        RandomAccess.Write(native.SafeFileHandle, "N"u8, 1);
        Assert.Equal((byte)'N', view.ReadByte(1));
        RandomAccess.Write(writer.SafeFileHandle, "W"u8, 2);
        Assert.Equal((byte)'W', view.ReadByte(2));
    }

    [Fact]
    public void Appends_through_the_mount_and_beside_it_follow_each_other()
    {
        Shell.Bash($"exec 3>>{_through} 4>>{_native}; echo -n a >&3; echo -n b >&4; echo -n c >&3; echo -n d >&4; echo -n e >&3");
        Assert.Equal("0123456789abcde", File.ReadAllText(_native));
        Assert.Equal("0123456789abcde", ReadAll(_holder));
    }

    [Fact]
    public void Truncation_and_allocation_through_the_mount_are_those_of_the_file()
    {
        Shell.Bash($"truncate -s 3 {_through}");
        Assert.Equal("012", ReadAll(_holder));
        Assert.Equal("012", File.ReadAllText(_native));
        Shell.Bash($"exec 3<>{_through}; truncate -s 8192 /dev/fd/3; fallocate -l 1M /dev/fd/3; fallocate -p -o 0 -l 4096 /dev/fd/3");
        Assert.Equal(1 << 20, new FileInfo(_native).Length);
        Assert.Equal(new string('\0', 1 << 20), ReadAll(_holder));
        Assert.Equal(Stat(_native), Stat(_through));
        File.WriteAllText(_through, "emptied by O_TRUNC");
        Assert.Equal("emptied by O_TRUNC", ReadAll(_holder));
    }

    [Fact]
    public void Copies_within_the_mount_out_of_it_and_into_it_have_the_bytes()
    {
        byte[] data = new byte[300_000];
        new Random(1).NextBytes(data);
        File.WriteAllBytes(_through, data);
        File.Copy(_through, _mount.Path + "/copy");
        Assert.Equal(data, File.ReadAllBytes(_mount.Source + "/copy"));
        Shell.Bash($"cp --sparse=never {_through} /dev/shm/$$ && cmp /dev/shm/$$ {_native} && cat /dev/shm/$$ {_native} > {_through}.two; rm /dev/shm/$$");
        Assert.Equal((byte[])[.. data, .. data], File.ReadAllBytes(_native + ".two"));
    }

    [Fact]
    public void Attributes_are_those_of_the_file_after_every_kind_of_change()
    {
        foreach (string change in (string[])["echo more >> F", "truncate -s 5 F", "chmod 600 F", "touch -d 2001-01-01 F", "chown 1:2 F", "head -c 9999 /dev/zero > F"])
        {
            foreach (string file in (string[])[_through, _native])
            {
                Shell.Bash(change.Replace("F", file, StringComparison.Ordinal));
                Assert.Equal((change, Stat(_native)), (change, Stat(_through)));
            }
        }
    }

    [Fact]
    public void An_unlinked_file_goes_on_for_those_who_have_it_open()
    {
        using FileStream writer = Open(_through, FileAccess.Write);
        File.Delete(_through);
        RandomAccess.Write(writer.SafeFileHandle, "alive"u8, 0);
        Assert.Equal("alive56789", ReadAll(_holder));
        Assert.False(File.Exists(_native));
    }

    [Fact]
    public void What_becomes_executable_while_it_is_open_can_be_executed_through_the_mount()
    {
        File.Copy("/bin/true", _mount.Source + "/program");
        Shell.Bash($"chmod 644 {_mount.Source}/program; exec 3<{_mount.Path}/program; chmod 755 {_mount.Path}/program; {_mount.Path}/program");
    }

    [Theory]
    [InlineData("6644")]
    [InlineData("6666")]
    public void A_users_write_takes_set_id_bits_that_came_while_the_file_was_open(string mode)
    {
        const string asUser = "setpriv --reuid=1234 --regid=1234 --clear-groups bash -c";
        Shell.Bash($"chmod 755 {Path.GetDirectoryName(_mount.Path)}; chmod 666 {_native}");
        Shell.Bash($"exec 3>>{_through}; chmod {mode} {_through}; {asUser} 'echo x >&3'");
        string through = Stat(_through);
        string passed = Stat(_native);
        Assert.Equal(passed, through);
        Shell.Bash($"chmod 666 {_native}; exec 3>>{_native}; chmod {mode} {_native}; {asUser} 'echo x >&3'");
        Assert.Equal(Mode(_native), passed.Split(' ')[0]);
    }

    private static FileStream Open(string path, FileAccess access) => new(path, FileMode.Open, access, FileShare.ReadWrite | FileShare.Delete, 0);

    private static string ReadAll(FileStream file)
    {
        byte[] data = new byte[2 << 20];
        return Encoding.Latin1.GetString(data, 0, RandomAccess.Read(file.SafeFileHandle, data, 0));
    }

    private static string Mode(string path) => Shell.Bash($"stat -c %a {path}").Trim();

    private static string Stat(string path) => Shell.Bash($"stat -c '%a %s %b %u %g %.Y %.Z' {path}").Trim();
}
