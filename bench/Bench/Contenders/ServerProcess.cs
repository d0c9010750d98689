using System.Globalization;

namespace Bench.Contenders;

/// <summary>The processes that serve a mount, found by name: in the bench's pid namespace there are no others of theirs.</summary>
internal static class ServerProcess
{
    private const int CommLength = 15;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    /// <summary>
    /// What all of them have in memory, in KiB: what each has for itself, and the pages of their program once. (A server that was started without a unit has a
    /// second process, which only waits for it.)
    /// </summary>
    public static long ResidentKiB(string name)
    {
        string[] all = [.. Find(name)];
        return all.Sum(static process => Resident(process) - OfFiles(process)) + all.Select(OfFiles).DefaultIfEmpty().Max();
    }

    public static void WaitForEnd(string name)
    {
        if (!SpinWait.SpinUntil(() => { Thread.Sleep(5); return !Find(name).Any(); }, s_patience))
        {
            throw new BenchException($"{name} still runs {s_patience.TotalSeconds} s after its unmount");
        }
    }

    private static IEnumerable<string> Find(string name)
    {
        string comm = name.Length > CommLength ? name[..CommLength] : name;
        foreach (string process in Directory.EnumerateDirectories("/proc"))
        {
            // No RSS: a zombie that waits to be reaped serves nothing any more.
            if (char.IsAsciiDigit(process[^1]) && ReadLine(process, "comm") == comm && Resident(process) > 0)
            {
                yield return process;
            }
        }
    }

    private static long Resident(string process) => Pages(process, 1);

    private static long OfFiles(string process) => Pages(process, 2);

    // statm: size resident shared ..., in pages.
    private static long Pages(string process, int field)
    {
        string[] fields = ReadLine(process, "statm").Split(' ');
        return fields.Length > field ? long.Parse(fields[field], CultureInfo.InvariantCulture) * Environment.SystemPageSize / 1024 : 0;
    }

    private static string ReadLine(string process, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, file)).TrimEnd('\n');
        }
        catch (IOException)
        {
            // It has ended meanwhile.
            return "";
        }
    }
}
