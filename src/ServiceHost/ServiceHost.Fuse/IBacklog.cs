namespace ServiceHost.Fuse;

/// <summary>A place into which the kernel puts requests for a worker that has not asked for them.</summary>
internal interface IBacklog
{
    /// <summary>Asked by the worker: whether there is one.</summary>
    bool HasRequests { get; }

    /// <summary>Has the worker look, if it sleeps. From any thread.</summary>
    void Wake();
}
