using ServiceHost.Linux;

namespace ServiceHost.Connection;

/// <summary>What a conversation begins with.</summary>
internal sealed record ServiceGreeting
{
    public required ServiceArguments Arguments { get; init; }

    public required CallerIdentity Caller { get; init; }

    /// <summary>The arguments once more, sealed, as stage 2 gets them.</summary>
    public required OwnedFd ArgumentMemfd { get; init; }

    public required int CpuCount { get; init; }

    /// <summary>CPUs that the machine could ever have; 0 where nobody can tell.</summary>
    public required int PossibleCpus { get; init; }

    /// <summary>The namespaces of whoever mounts; all 0 where the dialect does not tell.</summary>
    public NamespaceIds MounterNamespaces { get; init; }
}
