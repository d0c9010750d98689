using ServiceHost.MountProtocol;

namespace ServiceHost.Sandbox;

/// <summary>
/// One thing that must be true of a server before it reads a byte of what it was granted. docs/sandbox.md says for each which step
/// provides it.
/// </summary>
/// <param name="Name">What a refusal names.</param>
/// <param name="Level">The lowest level that needs it.</param>
internal sealed record ContainmentProperty(string Name, ContainmentLevel Level)
{
    public static readonly ContainmentProperty Ids = Plain("ids");
    public static readonly ContainmentProperty Groups = Plain("groups");
    public static readonly ContainmentProperty Effective = Plain("effective-capabilities");
    public static readonly ContainmentProperty Permitted = Plain("permitted-capabilities");
    public static readonly ContainmentProperty Inheritable = Plain("inheritable-capabilities");
    public static readonly ContainmentProperty Bounding = Plain("bounding-capabilities");
    public static readonly ContainmentProperty Ambient = Plain("ambient-capabilities");
    public static readonly ContainmentProperty SecureBits = Plain("securebits");
    public static readonly ContainmentProperty NoNewPrivileges = Plain("no-new-privileges");
    public static readonly ContainmentProperty Seccomp = Plain("seccomp");
    public static readonly ContainmentProperty Filter = Plain("filter-refuses");
    public static readonly ContainmentProperty Rings = Plain("ring-restrictions");
    public static readonly ContainmentProperty Threads = Plain("threads");
    public static readonly ContainmentProperty Descriptors = Plain("descriptors");
    public static readonly ContainmentProperty Landlock = Plain("landlock");
    public static readonly ContainmentProperty Dumpable = Plain("undumpable");
    public static readonly ContainmentProperty ExecutableMemory = Plain("write-xor-execute");
    public static readonly ContainmentProperty CoreLimit = Plain("core-limit");
    public static readonly ContainmentProperty ThreadLimit = Plain("thread-limit");
    public static readonly ContainmentProperty MemoryLimit = Plain("memory-limit");
    public static readonly ContainmentProperty Session = Plain("session");
    public static readonly ContainmentProperty WorkingDirectory = Plain("working-directory");
    public static readonly ContainmentProperty Environment = Plain("environment");

    /// <summary>The namespace that came with the grant.</summary>
    public static readonly ContainmentProperty GrantedNamespace = Plain("user-namespace");

    /// <summary>Without a grant of one only the unit can give it.</summary>
    public static readonly ContainmentProperty UnitsNamespace = Full("user-namespace");
    public static readonly ContainmentProperty MountNamespace = Full("mount-namespace");
    public static readonly ContainmentProperty NetworkNamespace = Full("network-namespace");
    public static readonly ContainmentProperty IpcNamespace = Full("ipc-namespace");
    public static readonly ContainmentProperty UtsNamespace = Full("uts-namespace");
    public static readonly ContainmentProperty EmptyRoot = Full("empty-root");
    public static readonly ContainmentProperty ReadOnlyMounts = Full("read-only-mounts");

    private static ContainmentProperty Plain(string name) => new(name, ContainmentLevel.Plain);

    private static ContainmentProperty Full(string name) => new(name, ContainmentLevel.Full);
}
