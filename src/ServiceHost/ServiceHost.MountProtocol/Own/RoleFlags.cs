namespace ServiceHost.MountProtocol;

[Flags]
public enum RoleFlags : uint
{
    None = 0,

    /// <summary>A missing role is an answer, not a failure.</summary>
    Optional = 1,

    /// <summary>A regular file may come as a loop device over a part of it, which the request names.</summary>
    Loop = 2,

    All = Optional | Loop,
}
