using ServiceHost.Linux;

namespace ServiceHost.Sandbox;

/// <summary>What stage 2 was told it would be. The attestation compares it with what the kernel says.</summary>
internal sealed record AttestationExpectation
{
    /// <summary>The ids inside the granted namespace; null for a server that only has to be somebody other than root.</summary>
    public required StageTwoIdentity? Identity { get; init; }

    public required CapabilitySet Capabilities { get; init; }

    public ContainmentProperty UserNamespaceProperty =>
        Identity is null ? ContainmentProperty.UnitsNamespace : ContainmentProperty.GrantedNamespace;

    /// <summary>The namespaces of the Mounter. Over v1 nobody tells them, and nothing can be compared.</summary>
    public required NamespaceIds Mounter { get; init; }

    /// <summary>Every descriptor this process may have open, beside the standard streams.</summary>
    public required IReadOnlyCollection<int> Descriptors { get; init; }

    /// <summary>The rings that were made before the filter.</summary>
    public IReadOnlyList<IoUring> Rings { get; init; } = [];
}
