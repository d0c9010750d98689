namespace Ext4.Corpus.Tests;

/// <summary>Where two trees differ, a line for each path.</summary>
internal static class TreeComparison
{
    private const int MostLines = 20;

    public static List<string> Compare(SortedDictionary<string, string> kernel, SortedDictionary<string, string> ours)
    {
        var differences = new List<string>();
        foreach (string path in kernel.Keys.Union(ours.Keys).Order(StringComparer.Ordinal))
        {
            kernel.TryGetValue(path, out string? expected);
            ours.TryGetValue(path, out string? found);
            if (expected != found && differences.Count < MostLines && !IsBehindBrokenListing(path, kernel, ours)) differences.Add(Line(path, expected, found));
        }

        return differences;
    }

    // A listing that fails on both sides got as far as each side's buffers reach: the names that only one of them saw say nothing.
    private static bool IsBehindBrokenListing(string path, SortedDictionary<string, string> kernel, SortedDictionary<string, string> ours)
    {
        if (kernel.ContainsKey(path) && ours.ContainsKey(path)) return false;
        string directory = path[..Math.Max(1, path.LastIndexOf('/'))];
        return Fails(kernel, directory) && Fails(ours, directory);
    }

    private static bool Fails(SortedDictionary<string, string> tree, string directory) =>
        tree.TryGetValue(directory, out string? facts) ? facts.Contains("readdir=!", StringComparison.Ordinal) : directory != "/" && Fails(tree, directory[..Math.Max(1, directory.LastIndexOf('/'))]);

    // Only the facts that differ, so that the line can be read.
    private static string Line(string path, string? expected, string? found)
    {
        if (expected is null || found is null) return $"{path}: {(expected is null ? "only ours" : "only the kernel's")}: {expected ?? found}";
        string[] theirs = expected.Split(' '), ours = found.Split(' ');
        return $"{path}: kernel {string.Join(' ', theirs.Except(ours))} | ours {string.Join(' ', ours.Except(theirs))}";
    }
}
