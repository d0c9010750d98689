namespace MountHelper;

/// <summary>
/// Words that fstab and mount(8) hand to every helper and that are somebody else's: systemd's, mount -a's, umount's. They are
/// passed over by convention, and this is the whole list.
/// </summary>
public static class ConventionWords
{
    public static bool Contains(OptionWord word)
    {
        ArgumentNullException.ThrowIfNull(word);
        return word.Name switch
        {
            "defaults" or "auto" or "noauto" or "nofail" or "_netdev" => !word.HasValue,
            // Who may mount is decided before a helper runs; "user" has already become noexec,nosuid,nodev.
            "user" or "users" or "nouser" or "nousers" or "owner" or "noowner" or "group" or "nogroup" => true,
            "comment" or "helper" or "uhelper" => word.HasValue,
            "silent" or "loud" => !word.HasValue,
            // libfuse's word for "never run the driver outside a service": this helper has no other way.
            "service_only" => !word.HasValue,
            _ => word.Name.StartsWith("x-", StringComparison.Ordinal) || word.Name.StartsWith("X-", StringComparison.Ordinal),
        };
    }
}
