namespace MountHelper.FuserviceMountd;

/// <summary>What a caller asked for, with the descriptors it gave. Dispose closes them, which can take long.</summary>
internal interface IRequest : IDisposable
{
    /// <summary>For the log: what was done.</summary>
    string Done { get; }

    /// <summary>After this many seconds the process is ended, wherever it waits.</summary>
    uint HardLimitSeconds { get; }

    void Run();
}
