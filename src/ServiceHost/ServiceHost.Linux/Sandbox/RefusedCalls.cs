namespace ServiceHost.Linux;

/// <summary>
/// How often a call of this library was answered with EPERM. A filter that answers with an errno leaves no trace in the kernel, so it is
/// counted here, where the answer arrives: refusals of the filesystem below are in the number, and calls that an intruder
/// makes past this library are not.
/// </summary>
public static class RefusedCalls
{
    private static long s_count;

    public static long Count => Interlocked.Read(ref s_count);

    /// <summary>Begins again, after attempts that were meant to be refused.</summary>
    public static void Reset() => Interlocked.Exchange(ref s_count, 0);

    internal static void Add() => Interlocked.Increment(ref s_count);
}
