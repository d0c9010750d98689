using System.Text.RegularExpressions;

namespace Architecture.Tests;

/// <summary>Rules of the code base that no analyzer at hand checks.</summary>
public sealed partial class SourceRulesTests
{
    private const int MaximumLines = 600;

    [Fact]
    public void No_catch_block_is_empty()
    {
        string[] offenders = [.. Repository.ProductSources()
            .Where(file => EmptyCatch().IsMatch(File.ReadAllText(file)))
            .Select(Repository.Relative)];
        Assert.Empty(offenders);
    }

    [Fact]
    public void No_file_outgrows_a_reader()
    {
        string[] offenders = [.. Repository.ProductSources()
            .Where(file => File.ReadLines(file).Count() > MaximumLines)
            .Where(file => !file.EndsWith("Errno.Names.cs", StringComparison.Ordinal))
            .Select(Repository.Relative)];
        Assert.Empty(offenders);
    }

    [Fact]
    public void Nothing_unfinished_is_marked_in_the_source()
    {
        string[] offenders = [.. Repository.ProductSources()
            .Where(file => Unfinished().IsMatch(File.ReadAllText(file)))
            .Select(Repository.Relative)];
        Assert.Empty(offenders);
    }

    [GeneratedRegex(@"catch\s*(\([^)]*\))?\s*(when\s*\([^{]*\))?\s*\{\s*\}")]
    private static partial Regex EmptyCatch();

    [GeneratedRegex(@"\b(TODO|FIXME|XXX|HACK|NotImplementedException)\b|#region")]
    private static partial Regex Unfinished();
}
