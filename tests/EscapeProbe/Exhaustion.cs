using System.Globalization;

namespace EscapeProbe;

/// <summary>Takes of something until there is no more, says how much that was and why it ended, and gives it back.</summary>
internal static class Exhaustion
{
    private const int DuplicateClosingOnExec = 1030;

    // A server duplicates nothing to the numbers of the standard streams.
    private const int FirstDuplicate = 3;
    private const long Chunk = 64L << 20;
    private const int Unbounded = 2_000_000;
    private const int ReadWrite = 3;
    private const int Private = 0x22;

    public static string OfDescriptors()
    {
        List<int> taken = [];
        long result = 0;
        while (taken.Count < Unbounded && (result = RawCall.Number((int)X64Call.Fcntl, 0, DuplicateClosingOnExec, FirstDuplicate)) >= 0)
        {
            taken.Add((int)result);
        }

        taken.ForEach(static number => RawCall.Closed(number));
        return Report(taken.Count, result);
    }

    /// <summary>Address space with the right to write, which is what the limit counts; nothing is touched, so nobody else is harmed.</summary>
    public static string OfMemory()
    {
        List<long> taken = [];
        long result = 0;
        while (taken.Count < Unbounded && (result = RawCall.Number((int)X64Call.Mmap, 0, Chunk, ReadWrite, Private, -1, 0)) >= 0)
        {
            taken.Add(result);
        }

        taken.ForEach(static address => RawCall.Call((int)X64Call.Munmap, address, Chunk));
        return Report(taken.Count, result);
    }

    public static string OfThreads()
    {
        using ManualResetEventSlim end = new();
        List<Thread> taken = [];
        string reason = "";
        try
        {
            while (taken.Count < Unbounded)
            {
                Thread thread = new(end.Wait, maxStackSize: 1 << 17);
                thread.Start();
                taken.Add(thread);
            }
        }
        catch (OutOfMemoryException)
        {
            // What the runtime makes of EAGAIN.
            reason = "EAGAIN";
        }

        end.Set();
        taken.ForEach(static thread => thread.Join());
        return string.Create(CultureInfo.InvariantCulture, $"{taken.Count} {reason}\n");
    }

    private static string Report(int count, long result) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {RawCall.Say(result)}\n");
}
