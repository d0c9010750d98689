using ServiceHost.Linux;

namespace ServiceHost.Fuse;

/// <summary>Serves one mount.</summary>
public sealed class FuseSession : IDisposable
{
    internal const int MaxWorkers = 64;

    /// <summary>
    /// The session owns <paramref name="devices"/> from here on: /dev/fuse descriptors of one connection, the first bound by the mount, the others its
    /// clones. With a single one all workers share it.
    /// </summary>
    public FuseSession(
        FuseFileSystem fileSystem, FuseInitOptions init, IReadOnlyList<OwnedFd> devices, FuseSessionOptions? options = null)
    {
        throw new NotSupportedException("not landed yet");
    }

    /// <summary>What INIT agreed on; null before.</summary>
    public FuseConnection? Connection { get; }

    public FuseNotifier Notifier { get; } = null!;

    /// <summary>Serves until the mount ends. The calling thread only waits; all requests are handled on the session's own threads.</summary>
    public FuseSessionEnd Run() => throw new NotSupportedException("not landed yet");

    /// <summary>Makes <see cref="Run"/> return soon: workers finish the request in hand. Any thread, any number of times.</summary>
    public void Stop() => throw new NotSupportedException($"not landed yet {Connection}");

    public void Dispose() => Stop();
}
