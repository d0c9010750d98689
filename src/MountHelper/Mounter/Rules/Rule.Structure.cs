namespace MountHelper;

/// <summary>
/// Rules that no single check enforces, because the code is built so that they cannot be broken. They are listed for their cases, and
/// the mutation script breaks the code for each.
/// </summary>
public sealed partial class Rule
{
    public static readonly Rule SourceIsPinned = new(
        "source-is-pinned", "SOURCE is found once; what is granted is what was found (PinnedSource).");

    public static readonly Rule MountpointIsPinned = new(
        "mountpoint-is-pinned", "MOUNTPOINT is found once; the mount is moved onto what was found (MountTarget).");

    public static readonly Rule AttachIsLast = new(
        "attach-is-last", "Nothing is visible before the goodbye (PendingMount).");

    public static readonly Rule MountCallCannotWait = new(
        "mount-call-cannot-wait", "No server can make the call that mounts wait for it (V1Session.SendFiles).");

    public static readonly Rule TextIsHarmless = new(
        "text-is-harmless", "Text of a server or a caller is printed without control characters (DisplayText).");

    public static readonly Rule ExitCodeIsNeverTwo = new(
        "exit-code-is-never-two", "No server chooses the exit code, and 2 is never one (ExitCode).");

    public static readonly Rule StandardStreamsAreOpen = new(
        "standard-streams-are-open", "Nothing of ours ever has the number of a standard stream (Program).");

    public static readonly Rule EnvironmentIsEmpty = new(
        "environment-is-empty", "The work begins in a process without an environment that anything in it obeys (CleanStart).");
}
