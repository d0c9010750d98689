namespace MountHelper;

/// <summary>Rules about what the caller writes.</summary>
public sealed partial class Rule
{
    public static readonly Rule OptionsAreBounded = new(
        "options-are-bounded", "Options have a length, a number and no control characters.");

    public static readonly Rule OptionsAreUnderstood = new(
        "options-are-understood", "An option of the Mounter's own has a value that means something, or none.");

    public static readonly Rule OptionsMakeOneMount = new(
        "options-make-one-mount", "A helper makes one filesystem mount: no bind, move or propagation.");

    public static readonly Rule CallerGivesNoKernelState = new(
        "caller-gives-no-kernel-state", "fd=, rootmode=, user_id= and group_id= are never taken from an option.");

    public static readonly Rule TypeIsOneComponent = new(
        "type-is-one-component", "A type becomes a file name and can be nothing else.");

    public static readonly Rule CallerIsRoot = new(
        "caller-is-root", "Everybody but root goes through the broker, which does less: no other namespace, no remount, no setuid helper.");

    public static readonly Rule PrivilegedOptionsAreRoots = new(
        "privileged-options-are-roots", "Options that reach into other ids, security labels or everybody's memory are root's.");

    public static readonly Rule MountpointIsDirectoryOrFile = new(
        "mountpoint-is-directory-or-file", "A filesystem is mounted on a directory or a regular file.");

    public static readonly Rule PolicyIsRoots = new(
        "policy-is-roots", "The policy is a file that only root can write, and understood to the last line.");

    public static readonly Rule RemountChangesFlagsOnly = new(
        "remount-changes-flags-only", "remount changes ro, rw and the flags of the mount that is there; other options only repeat it.");

    public static readonly Rule RemountFindsOurMount = new(
        "remount-finds-our-mount", "remount needs a mount of the same type at the mountpoint and never makes one.");

    public static readonly Rule UnmountIsOfOurType = new(
        "unmount-is-of-our-type", "umount.fuse.TYPE unmounts a mount of TYPE and no other.");

    public static readonly Rule SignalsRollBack = new(
        "signals-roll-back", "A signal that asks to end leaves no mount behind.");

    public static readonly Rule ServiceSocketIsRoots = new(
        "service-socket-is-roots", "Behind the socket of a service is root, not another user.");

    public static readonly Rule FuseDeviceIsReal = new(
        "fuse-device-is-real", "/dev/fuse is the character device 10:229.");
}
