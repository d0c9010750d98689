namespace ServiceHost.MountProtocol;

[Flags]
public enum RoleFlags : uint
{
    None = 0,

    /// <summary>A missing role is an answer, not a failure.</summary>
    Optional = 1,
}
