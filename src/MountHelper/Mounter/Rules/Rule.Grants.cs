namespace MountHelper;

/// <summary>Rules about what a server gets.</summary>
public sealed partial class Rule
{
    public static readonly Rule OnlyTheSource = new(
        "only-the-source", "A v1 server gets the caller's SOURCE, literally, and what the policy names.");

    public static readonly Rule RolesAreAssigned = new(
        "roles-are-assigned", "A role is \"source\" or stands in the policy.");

    public static readonly Rule RolesAreAskedOnce = new(
        "roles-are-asked-once", "Each role is asked for once.");

    public static readonly Rule OnlyFilesDevicesDirectories = new(
        "only-files-devices-directories", "Only regular files, block devices and directories are granted.");

    public static readonly Rule KindIsAsAsked = new(
        "kind-is-as-asked", "A server gets an object only of a kind that it can use.");

    public static readonly Rule ReadOnlyMeansReadOnly = new(
        "read-only-means-read-only", "Nothing is opened for writing for a read-only mount.");

    public static readonly Rule V1OpenOnlyReadsOrWrites = new(
        "open-only-reads-or-writes", "No O_CREAT, O_TRUNC, O_APPEND, O_PATH, O_TMPFILE, and no flag that nobody knows.");

    public static readonly Rule ImageHasOneMount = new(
        "image-has-one-mount", "An image that a server may write is granted to one mount at a time.");

    public static readonly Rule ImageHasOneLoop = new(
        "image-has-one-loop", "An image that another loop device uses is not given a second one.");

    public static readonly Rule LoopDevicesAreRoots = new(
        "loop-devices-are-roots", "A loop device is made for root's mounts only.");

    public static readonly Rule JoinerIsNeitherRootNorAMount = new(
        "joiner-is-neither-root-nor-a-mount", "Stage 1 is neither root nor has an id of a mount.");

    public static readonly Rule SenderStaysTheServer = new(
        "sender-stays-the-server", "Every packet comes from the uid that said hello or from an id of this mount.");
}
