namespace ServiceHost.MountProtocol;

public enum NoteLevel : uint
{
    /// <summary>For a caller who asked for -v.</summary>
    Verbose = 0,

    /// <summary>Always shown.</summary>
    Warning = 1,
}
