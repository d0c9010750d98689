namespace Passthrough.Tests;

/// <summary>50,000 seeded operations on one file of a real mount, each compared with a buffer in memory.</summary>
[Trait("Needs", "root")]
public class FsxTests
{
    [Theory]
    [InlineData("cache=auto", 1)]
    [InlineData("passthrough=never", 7)]
    [InlineData("cache=never", 2)]
    [InlineData("writeback", 3)]
    [InlineData("cache=always", 4)]
    public void A_file_is_what_was_written_to_it(string options, int seed)
    {
        using PassthroughMount mount = new(options);
        new FileExerciser(Path.Combine(mount.Path, "f"), seed).Run(50_000 / 4);
    }

    [Fact]
    public void A_file_is_what_was_written_to_it_natively_too()
    {
        using TempTree tree = new();
        new FileExerciser(tree.Of("f"), 5).Run(50_000 / 4);
    }

    [Fact]
    public void A_file_is_what_was_written_to_it_in_one_long_run()
    {
        using PassthroughMount mount = new();
        new FileExerciser(Path.Combine(mount.Path, "f"), 6).Run(50_000);
    }
}
