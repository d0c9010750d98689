using ServiceHost.MountProtocol;

namespace ServiceHost;

/// <summary>An object that a service needs from whoever mounts: it gets descriptors for roles and opens nothing by itself.</summary>
/// <param name="Name">"source" is what the caller named; policy can define more.</param>
/// <param name="Kinds">What the service can work with.</param>
/// <param name="Access">ReadWrite means: if the mount may write.</param>
/// <param name="Optional">The service also works without it.</param>
public sealed record ServiceRole(string Name, SourceKinds Kinds, SourceAccess Access, bool Optional = false)
{
    /// <summary>The part of a regular file that the service would rather have as a loop device, where the Mounter makes one.</summary>
    public LoopPart? Loop { get; init; }

    /// <summary>The caller's SOURCE as a directory.</summary>
    public static ServiceRole SourceDirectory { get; } = new(RoleRequest.Source, SourceKinds.Directory, SourceAccess.ReadWrite);
}
