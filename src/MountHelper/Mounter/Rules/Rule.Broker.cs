namespace MountHelper;

/// <summary>Rules about users: what the broker takes from them, and what a mount of theirs may be.</summary>
public sealed partial class Rule
{
    public static readonly Rule BrokerIsForUsers = new(
        "broker-is-for-users", "Neither root nor a server is a caller of the broker.");

    public static readonly Rule ConversationsAreBounded = new(
        "conversations-are-bounded", "A user has at most eight conversations with the broker at a time.");

    public static readonly Rule SilenceEndsIt = new(
        "silence-ends-it", "A caller of the broker says at once what it wants.");

    public static readonly Rule RequestsAreWellFormed = new(
        "requests-are-well-formed", "One packet of this version, of its form, with the descriptors it announces.");

    public static readonly Rule DescriptorsAreOpened = new(
        "descriptors-are-opened", "What a caller hands over it has opened, for what it is used for; O_PATH proves no right.");

    public static readonly Rule MountpointIsTheCallers = new(
        "mountpoint-is-the-callers", "A user mounts where the user may write, and in a sticky directory on what is the user's own.");

    public static readonly Rule MountpointFilesystemIsAllowed = new(
        "mountpoint-filesystem-is-allowed", "A user mounts over no filesystem that fusermount3 would refuse.");

    public static readonly Rule MountpointIsUncovered = new(
        "mountpoint-is-uncovered", "A user's mount lies directly on its mountpoint, in the broker's mount namespace.");

    public static readonly Rule MountsPerUserAreBounded = new(
        "mounts-per-user-are-bounded", "A user has no more mounts than /etc/fuse.conf and the policy of the type say.");

    public static readonly Rule UsersMayMountTheType = new(
        "users-may-mount-the-type", "The policy says which types users may mount.");

    public static readonly Rule OthersAreAllowedByRoot = new(
        "others-are-allowed-by-root", "allow_other on a user's mount needs user_allow_other in /etc/fuse.conf.");

    public static readonly Rule PolicyGrantsAreRoots = new(
        "policy-grants-are-roots", "What the policy adds to SOURCE is for root's mounts.");

    public static readonly Rule V1DirectoriesAreRoots = new(
        "v1-directories-are-roots", "A server of v1 has rights of its own, so it is given no directory of a user's.");

    public static readonly Rule UnmountIsTheOwners = new(
        "unmount-is-the-owners", "A user unmounts the mounts that the registry calls the user's, and no others.");

    public static readonly Rule BrokerIsRoots = new(
        "broker-is-roots", "Behind the broker's socket is root; nobody else is given a descriptor.");

    public static readonly Rule LimitsAreSet = new(
        "limits-are-set", "A limit that the policy names is in force before the server gets anything.");
}
