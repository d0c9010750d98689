namespace Grants.Tests;

internal static class Children
{
    internal static IEnumerable<int> Of(int pid) => File.ReadAllText($"/proc/{pid}/task/{pid}/children")
        .Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Select(int.Parse);
}
