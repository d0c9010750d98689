namespace Integration.Tests.Support;

/// <summary>One line of /proc/self/mountinfo (proc(5)), read without touching the mount.</summary>
internal sealed record MountInfo(string MountPoint, string Options, string Type, string Source, string SuperOptions)
{
    public static IReadOnlyList<MountInfo> All() => [.. File.ReadLines("/proc/self/mountinfo").Select(Parse)];

    public static MountInfo? At(string mountPoint) => All().LastOrDefault(m => m.MountPoint == mountPoint);

    private static MountInfo Parse(string line)
    {
        string[] halves = line.Split(" - ", 2);
        string[] left = halves[0].Split(' ');
        string[] right = halves[1].Split(' ');
        return new MountInfo(Unescape(left[4]), left[5], right[0], Unescape(right[1]), right[2]);
    }

    private static string Unescape(string text) => text.Replace("\\040", " ", StringComparison.Ordinal);
}
