namespace MountHelper;

/// <summary>Rules about the mount itself.</summary>
public sealed partial class Rule
{
    public static readonly Rule RootFitsMountpoint = new(
        "root-fits-mountpoint", "A directory is mounted on a directory and a file on a file.");

    public static readonly Rule OnlyTheMountpoint = new(
        "only-the-mountpoint", "A v1 server repeats the caller's MOUNTPOINT, literally.");

    public static readonly Rule FuseblkNeedsRootAndDevice = new(
        "fuseblk-needs-root-and-device", "A fuseblk mount is root's, over the block device that was granted.");

    public static readonly Rule FuseblkMountsThePinnedDevice = new(
        "fuseblk-mounts-the-pinned-device", "What a fuseblk mount took is the device that was pinned.");

    public static readonly Rule FuseblkIsItsOwn = new(
        "fuseblk-is-its-own", "A fuseblk mount is a superblock of its own, never a second mount of one that another server serves.");

    public static readonly Rule V1OptionsOnlyDescribe = new(
        "v1-options-only-describe", "A v1 server gives the kernel four harmless options and none of the Mounter's.");

    public static readonly Rule V1FlagsOnlyRestrict = new(
        "v1-flags-only-restrict", "A v1 server can restrict its mount and nothing else.");

    public static readonly Rule GoodbyeNeedsAMount = new(
        "goodbye-needs-a-mount", "A goodbye with code 0 is good only after a mount.");

    public static readonly Rule GoodbyeAfterInit = new(
        "goodbye-after-init", "In the own dialect the kernel's INIT is answered before the goodbye.");

    public static readonly Rule ServerAwaitsTheAttach = new(
        "server-awaits-the-attach", "A server of the own dialect that goes right after its goodbye gets no mount.");

    public static readonly Rule InitIsAccepted = new(
        "init-is-accepted", "The kernel took the answer to INIT; otherwise every access would fail.");
}
