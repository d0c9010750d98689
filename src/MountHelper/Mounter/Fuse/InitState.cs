namespace MountHelper;

/// <summary>What became of the kernel's INIT request.</summary>
internal enum InitState
{
    /// <summary>This kernel does not let us see it.</summary>
    Unknown,

    /// <summary>The server has not answered, or not in a way that the kernel could read.</summary>
    Unanswered,

    /// <summary>The server answered with an error or a version that the kernel cannot speak: every access would be ECONNREFUSED.</summary>
    Refused,

    Accepted,
}
