namespace ServiceHost.Connection;

/// <summary>How far the conversation is; it only moves forward.</summary>
internal enum ConversationPhase
{
    /// <summary>Nothing was said yet: a failure is not told, because the peer has not said hello.</summary>
    Silent,

    /// <summary>Roles can be asked for.</summary>
    Roles,

    /// <summary>The superblock was asked for; no more roles.</summary>
    Mounting,

    /// <summary>The superblock exists and is not visible.</summary>
    Mounted,

    /// <summary>Goodbye was said.</summary>
    Over,
}
