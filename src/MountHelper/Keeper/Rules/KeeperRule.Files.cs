namespace MountHelper.Keeper;

/// <summary>Rules about the files that may be registered. A backing id has no access mode: whoever has it open through the mount can write it.</summary>
internal sealed partial class KeeperRule
{
    public static readonly KeeperRule FilesAreRegular = new(
        "files-are-regular", "Nothing but a regular file is registered.");

    public static readonly KeeperRule FilesAreOpened = new(
        "files-are-opened", "An O_PATH descriptor proves no right to its file.");

    public static readonly KeeperRule FilesCanBeRead = new(
        "files-can-be-read", "What was opened for writing alone would be read through the mount.");

    public static readonly KeeperRule WritingHasItsClone = new(
        "writing-has-its-clone", "A file that is open for writing came through a read-write clone of this mount.");

    public static readonly KeeperRule ReadingHasItsClone = new(
        "reading-has-its-clone", "A file that is open for reading came through a read-only clone of this mount, which keeps it from being written.");

    public static readonly KeeperRule ProtectedFilesStaySo = new(
        "protected-files-stay-so", "An append-only or immutable file is never registered for writing.");

    public static readonly KeeperRule QuotaIsKept = new(
        "quota-is-kept", "A mount has no more files registered than its quota.");

    public static readonly KeeperRule IdsAreItsOwn = new(
        "ids-are-its-own", "A server releases what it registered, once.");

    public static readonly KeeperRule IdsEnd = new(
        "ids-end", "With the conversation every id ends, also when the mount goes on.");

    public static readonly KeeperRule ClosingStallsNobody = new(
        "closing-stalls-nobody", "Closing a file can wait for its filesystem for ever; the keeper does not.");
}
