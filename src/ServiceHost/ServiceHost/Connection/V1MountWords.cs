using System.Globalization;
using ServiceHost.MountProtocol;
using ServiceHost.Options;

namespace ServiceHost.Connection;

/// <summary>
/// On v1 the words behind -o reach the server unsorted, and it is the server that tells the helper which mount flags and kernel
/// options to use. This sorts them: flags of mount(2), options of the kernel's fuse, and what is left for the service's own table.
/// </summary>
internal sealed class V1MountWords
{
    private const uint MsRdonly = 1;
    private const uint MsNosuid = 2;
    private const uint MsNodev = 4;

    // The word that sets the bit, the one that clears it, the bit.
    private static readonly (string Set, string Clear, uint Bit)[] s_flags =
    [
        ("ro", "rw", MsRdonly),
        ("nosuid", "suid", MsNosuid),
        ("nodev", "dev", MsNodev),
        ("noexec", "exec", 8),
        ("sync", "async", 16),
        ("dirsync", "nodirsync", 128),
        ("nosymfollow", "symfollow", 256),
        ("noatime", "atime", 1024),
        ("nodiratime", "diratime", 2048),
        ("relatime", "norelatime", 1 << 21),
        ("strictatime", "nostrictatime", 1 << 24),
        ("lazytime", "nolazytime", 1 << 25),
    ];

    private static readonly string[] s_superblockFlags = ["ro", "sync", "dirsync", "lazytime"];

    // Words for mount(8), fstab and systemd that may reach a helper and mean nothing to a filesystem.
    private static readonly string[] s_othersWords =
        ["defaults", "auto", "noauto", "user", "nouser", "users", "owner", "group", "nofail", "_netdev"];

    private V1MountWords()
    {
    }

    /// <summary>MS_* bits; nosuid and nodev unless the words suid and dev were written.</summary>
    public uint MsFlags { get; private set; } = MsNosuid | MsNodev;

    public bool? AllowOther { get; private set; }

    /// <summary>Options that the kernel's fuse takes as they are.</summary>
    public List<string> KernelOptions { get; } = [];

    /// <summary>What is to stand as the mount's source; null for the caller's SOURCE.</summary>
    public string? FsName { get; private set; }

    /// <summary>A comma list with escapes for the option table of the service.</summary>
    public string ServiceOptions { get; private set; } = string.Empty;

    public ArgumentFlags Flags =>
        ((MsFlags & MsRdonly) != 0 ? ArgumentFlags.ReadOnly : 0)
        | ((MsFlags & MsNosuid) == 0 ? ArgumentFlags.Suid : 0)
        | ((MsFlags & MsNodev) == 0 ? ArgumentFlags.Dev : 0);

    public static V1MountWords Sort(string optionText)
    {
        V1MountWords words = new();
        List<string> rest = [];
        foreach (string word in OptionList.Split(optionText))
        {
            if (!words.TakeFlag(word) && !words.TakeFuseWord(word) && !IsForOthers(word))
            {
                rest.Add(word);
            }
        }

        words.ServiceOptions = OptionList.Join(rest);
        return words;
    }

    /// <summary>The flags that belong to the superblock and not to one mount of it.</summary>
    public IEnumerable<string> SuperblockFlags => s_superblockFlags.Where(Has);

    /// <summary>Whether the bit that this word sets is set.</summary>
    public bool Has(string setWord) => (MsFlags & s_flags.First(flag => flag.Set == setWord).Bit) != 0;

    /// <summary>What the filesystem cannot do is no longer asked for.</summary>
    public void Restrict(FuseMountPlan plan) => MsFlags |= plan.ReadOnly ? MsRdonly : 0;

    /// <summary>What the kernel's fuse is told about this mount, beside device, root and owner.</summary>
    public List<string> KernelOptionsFor(bool allowOther, FuseMountPlan plan)
    {
        List<string> options = [.. KernelOptions];
        if (allowOther)
        {
            options.Add("allow_other");
        }

        if (plan.DefaultPermissions && !options.Contains("default_permissions"))
        {
            options.Add("default_permissions");
        }

        if (plan.MaxRead != 0)
        {
            options.Add(string.Create(CultureInfo.InvariantCulture, $"max_read={plan.MaxRead}"));
        }

        if (plan.Fuseblk && plan.BlockSize != 0)
        {
            options.Add(string.Create(CultureInfo.InvariantCulture, $"blksize={plan.BlockSize}"));
        }

        return options;
    }

    private bool TakeFlag(string word)
    {
        foreach ((string set, string clear, uint bit) in s_flags)
        {
            if (word == set || word == clear)
            {
                MsFlags = word == set ? MsFlags | bit : MsFlags & ~bit;
                return true;
            }
        }

        return false;
    }

    private bool TakeFuseWord(string word)
    {
        const string fsname = "fsname=";
        switch (word)
        {
            case "allow_other" or "noallow_other":
                AllowOther = word == "allow_other";
                return true;
            case "default_permissions":
                KernelOptions.Add(word);
                return true;
            case not null when word.StartsWith(fsname, StringComparison.Ordinal) && word.Length > fsname.Length:
                FsName = word[fsname.Length..];
                return true;
            default:
                return false;
        }
    }

    private static bool IsForOthers(string word) =>
        s_othersWords.Contains(word)
        || word.StartsWith("x-", StringComparison.Ordinal)
        || word.StartsWith("X-", StringComparison.Ordinal)
        || word.StartsWith("comment=", StringComparison.Ordinal);
}
