namespace MountHelper.Keeper;

/// <summary>Rules about who speaks and how. A broken one ends the conversation, and never the mount.</summary>
internal sealed partial class KeeperRule
{
    public static readonly KeeperRule RootAssigns = new(
        "root-assigns", "Whoever gives a keeper a device is root.");

    public static readonly KeeperRule AssignmentsAreComplete = new(
        "assignments-are-complete", "An assignment is one packet with a FUSE device, a channel and clones.");

    public static readonly KeeperRule HelloComesFirst = new(
        "hello-comes-first", "A server says hello first, and once.");

    public static readonly KeeperRule MessagesAreKnown = new(
        "messages-are-known", "A message is one of five, and what it has no use for is zero.");

    public static readonly KeeperRule PacketsAreSmall = new(
        "packets-are-small", "No packet is longer than a message.");

    public static readonly KeeperRule DescriptorsAreExpected = new(
        "descriptors-are-expected", "One descriptor comes with a registration and none with anything else.");

    public static readonly KeeperRule AnswersAreRead = new(
        "answers-are-read", "A server that does not read its answers gets no more.");

    public static readonly KeeperRule EndsWithItsServer = new(
        "ends-with-its-server", "When the server's end of the channel is gone, the device is closed within a second.");

    public static readonly KeeperRule EndsWithItsMount = new(
        "ends-with-its-mount", "When the connection is over, so is the keeper, whether or not the server is.");
}
