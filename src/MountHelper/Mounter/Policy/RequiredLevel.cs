namespace MountHelper;

/// <summary>How strongly a server of a type has to be contained before it is given a mount.</summary>
public enum RequiredLevel
{
    /// <summary>What a server does for itself wherever it was started.</summary>
    Plain,

    /// <summary>That, and all that its systemd unit provides.</summary>
    Full,
}
