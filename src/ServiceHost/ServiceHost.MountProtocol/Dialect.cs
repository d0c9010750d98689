namespace ServiceHost.MountProtocol;

/// <summary>The two languages that a Mounter and a server can speak; see docs/mount-protocol.md.</summary>
public enum Dialect
{
    /// <summary>Ours: roles instead of paths, grants, several device descriptors, reasons as text.</summary>
    Own,

    /// <summary>libfuse's service protocol, version 1.</summary>
    V1,
}
