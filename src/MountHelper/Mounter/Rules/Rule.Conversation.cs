namespace MountHelper;

/// <summary>Rules about how a server speaks.</summary>
public sealed partial class Rule
{
    public static readonly Rule OneDeadline = new(
        "one-deadline", "The whole conversation has one deadline.");

    public static readonly Rule EndsWithGoodbye = new(
        "ends-with-goodbye", "A server that goes without a goodbye has not mounted.");

    public static readonly Rule PacketsAreBounded = new(
        "packets-are-bounded", "No packet is longer than 65,536 bytes.");

    public static readonly Rule ServerSendsNoDescriptors = new(
        "server-sends-no-descriptors", "Descriptors go from the Mounter to the server, never back.");

    public static readonly Rule MessagesAreWellFormed = new(
        "messages-are-well-formed", "A message has exactly its fields and its reserved ones are zero.");

    public static readonly Rule MessagesComeInOrder = new(
        "messages-come-in-order", "Known messages, each in its phase, each as often as it may come.");

    public static readonly Rule ContainmentIsAsRequired = new(
        "containment-is-as-required", "A server that has not attested the containment its type needs gets no mount.");

    public static readonly Rule RequestsAreBounded = new(
        "requests-are-bounded", "A server can ask and note only so often.");

    public static readonly Rule KeeperIsRoots = new(
        "keeper-is-roots", "Behind the keeper's socket is root; nobody else is given a device.");

    public static readonly Rule VersionIsOurs = new(
        "version-is-ours", "A server answers with the version that was offered.");
}
