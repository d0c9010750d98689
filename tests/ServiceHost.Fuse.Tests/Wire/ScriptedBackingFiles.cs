using System.Collections.Concurrent;
using System.Globalization;
using ServiceHost.Linux;

namespace ServiceHost.Fuse.Tests.Wire;

/// <summary>Registers in a table of its own, or answers what the test wants, and remembers which ids live.</summary>
internal sealed class ScriptedBackingFiles : IBackingFiles
{
    private readonly ConcurrentDictionary<int, int> _living = new();
    private int _lastId;
    private int _asked;

    /// <summary>What the next registrations get.</summary>
    public Errno Answer { get; set; }

    /// <summary>Runs inside a registration, before it is answered.</summary>
    public Action? During { get; set; }

    public int Asked => Volatile.Read(ref _asked);

    public IReadOnlyCollection<int> Living => [.. _living.Keys];

    /// <summary>The flags (O_*) of what was offered last; asked for with <see cref="LooksAtFlags"/>, because it allocates.</summary>
    public OpenFlags LastFlags { get; private set; }

    public bool LooksAtFlags { get; init; }

    public Errno Register(Fd file, out int backingId)
    {
        Interlocked.Increment(ref _asked);
        During?.Invoke();
        LastFlags = LooksAtFlags ? FlagsOf(file) : LastFlags;
        backingId = Answer.IsOk ? Interlocked.Increment(ref _lastId) : 0;
        Assert.True(Answer.IsError || _living.TryAdd(backingId, file.Number));
        return Answer;
    }

    public void Release(int backingId) => Assert.True(_living.TryRemove(backingId, out _), $"{backingId} was released and is not registered");

    private static OpenFlags FlagsOf(Fd file)
    {
        string path = string.Create(CultureInfo.InvariantCulture, $"/proc/self/fdinfo/{file.Number}");
        string line = File.ReadLines(path).Single(static line => line.StartsWith("flags:", StringComparison.Ordinal));
        return (OpenFlags)Convert.ToUInt32(line[6..].Trim(), 8);
    }
}
