using System.IO.MemoryMappedFiles;

namespace Passthrough.Tests;

/// <summary>
/// A mapping of a file in passthrough is the backing file's own: the kernel's FUSE does not notice that it is written. The new times show all the
/// same, whatever was known of the file before, and however long the mount believes what it knows.
/// </summary>
[Trait("Needs", "root")]
public sealed class MappedTimesTests : IDisposable
{
    private readonly PassthroughMount _mount = new("suid,passthrough=auto,attr_timeout=3600,entry_timeout=3600");
    private readonly string _through;
    private readonly string _native;

    public MappedTimesTests()
    {
        _through = Path.Combine(_mount.Path, "f");
        _native = Path.Combine(_mount.Source, "f");
    }

    public void Dispose() => _mount.Dispose();

    [Theory]
    [InlineData(FileMode.Open)]
    [InlineData(FileMode.OpenOrCreate)]
    public void A_write_through_a_mapping_changes_the_times_of_a_file_that_was_looked_at_before(FileMode mode)
    {
        Shell.Bash($"echo before > {_native}; touch -d 2001-01-01 {_native}");
        Assert.StartsWith("2001", Times(_through), StringComparison.Ordinal);
        using (FileStream reader = new(_through, FileMode.Open, FileAccess.Read, FileShare.ReadWrite))
        {
            Assert.Equal(Times(_native), Times(_through));
            using FileStream writer = new(_through, mode, FileAccess.ReadWrite, FileShare.ReadWrite, 0);
            WriteMapped(writer);
            Assert.Equal(Times(_native), Times(_through));
        }

        Assert.Equal(Times(_native), Times(_through));
        Assert.DoesNotContain("2001", Times(_through), StringComparison.Ordinal);
    }

    [Fact]
    public void Nor_are_the_times_of_a_new_file_believed_while_it_may_be_mapped()
    {
        using (FileStream writer = new(_through, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite, 0))
        {
            writer.SetLength(4096);
            Shell.Bash($"touch -d 2001-01-01 {_native}");
            WriteMapped(writer);
            Assert.Equal(Times(_native), Times(_through));
        }

        Assert.Equal(Times(_native), Times(_through));
    }

    [Fact]
    public void What_nobody_may_map_for_writing_is_asked_for_once_only()
    {
        Shell.Bash($"echo before > {_native}");
        using FileStream reader = new(_through, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        string known = Times(_through);
        Shell.Bash($"touch -d 2001-01-01 {_native}");
        Assert.Equal(known, Times(_through));
    }

    private static void WriteMapped(FileStream file)
    {
        using MemoryMappedFile map = MemoryMappedFile.CreateFromFile(file, null, 0, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: true);
        using MemoryMappedViewAccessor view = map.CreateViewAccessor(0, 1);
        view.Write(0, (byte)'M');
    }

    private static string Times(string path) => Shell.Bash($"TZ=UTC stat -c '%y %.Z' {path}").Trim();
}
