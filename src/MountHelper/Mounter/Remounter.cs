using MountHelper.Mounting;
using MountHelper.Registry;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper;

/// <summary>
/// mount -o remount. The flags of the one mount that is at the mountpoint change, by mount_setattr(2); no server is asked, no second mount
/// is made. mount(8) hands over all the old options as well, so a word may repeat what the mount has; a word that would change
/// something else is refused by name.
/// </summary>
public sealed class Remounter
{
    private readonly MountTableEntry _entry;
    private readonly RegistryEntry? _registered;

    private Remounter(MountTableEntry entry, RegistryEntry? registered)
    {
        _entry = entry;
        _registered = registered;
    }

    /// <param name="root">The root of the mount, pinned.</param>
    /// <param name="apply">False for mount -f: only say whether it could be done.</param>
    public static void Remount(MountTarget root, ServiceType type, MountOptions options, bool apply)
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentNullException.ThrowIfNull(options);
        MountTableEntry? entry = MountedFilesystem.Find(root.Handle);
        MountFailedException.ThrowIfBroken(Rule.RemountFindsOurMount, entry is null || !MountedFilesystem.IsOfType(entry, type),
            $"{root.Display} is not the root of a {type.MountType} mount", "remount changes a mount that is there; mount it first");
        using MountRegistry registry = Mounter.OpenRegistry();
        Remounter remounter = new(entry!, registry.Find(MountName.Of(root.Handle)));
        remounter.CheckWords(options);
        RemountFlags change = ChangeOf(options);
        if (apply && !change.TryApply(root.Handle, out GrantRefusal? refusal))
        {
            throw refusal.ToException();
        }
    }

    private void CheckWords(MountOptions options)
    {
        foreach (OptionWord word in options.LastingWords)
        {
            bool repeats = LastingWords.Contains(_registered?.Options ?? [], word) || MountedFilesystem.HasOption(_entry, word);
            ThrowIfChange(!repeats, word.Display);
        }

        foreach ((VfsFlags flag, string word) in VfsFlagsExtensions.SuperblockOnlyWords)
        {
            bool asked = options.Flags.HasFlag(flag);
            ThrowIfChange(options.MentionedFlags.HasFlag(flag) && asked != MountedFilesystem.HasOption(_entry, word),
                asked ? word : $"no {word}");
        }

        ThrowIfChange(options.MentionedFlags.HasFlag(VfsFlags.ReadOnly) && !options.ReadOnly && MountedFilesystem.HasOption(_entry, "ro"),
            "rw", "it was mounted read-only and its server may not write; unmount it and mount it again");
    }

    private static RemountFlags ChangeOf(MountOptions options)
    {
        VfsFlags mentioned = options.MentionedFlags & VfsFlags.PerMount;
        MountAttributes set = (options.Flags & mentioned).ToAttributes();
        return new RemountFlags(set, mentioned.ToAttributes() & ~set);
    }

    private void ThrowIfChange(bool finding, string word, string? advice = null) =>
        MountFailedException.ThrowIfBroken(Rule.RemountChangesFlagsOnly, finding,
            $"remount cannot change \"{word}\" of {DisplayText.FromBytes(System.Text.Encoding.Latin1.GetBytes(_entry.Mountpoint))}",
            advice ?? "remount changes ro, rw and flags like noexec; for the rest unmount it and mount it again");
}
