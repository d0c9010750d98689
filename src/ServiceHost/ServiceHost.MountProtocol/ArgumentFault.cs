namespace ServiceHost.MountProtocol;

/// <summary>The ways in which an argument memfd can lie.</summary>
public enum ArgumentFault
{
    None,

    /// <summary>Not a file in memory: reading it could wait for somebody.</summary>
    NotInMemory,
    Unreadable,
    NotSealed,
    TooLarge,

    /// <summary>Its size is not the announced one.</summary>
    WrongSize,
    BadMagic,
    TooManyArguments,

    /// <summary>The table or a string lies outside the file.</summary>
    OutOfBounds,

    /// <summary>A string does not end in its only NUL.</summary>
    BadString,

    /// <summary>argv[0] is no filesystem type.</summary>
    BadType,
}
