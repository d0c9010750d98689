using System.Globalization;
using System.Text;
using ServiceHost.Linux;

namespace MountHelper.Mounting;

/// <summary>
/// The parameters of a superblock request in the order they are given, for fsconfig one by one and for mount(2) as flags and a
/// comma-separated string. A null value is a flag.
/// </summary>
internal static class SuperblockParameters
{
    /// <summary>
    /// Without source and subtype, which mount(2) takes elsewhere. fd goes as a decimal string: kernels differ in how they take a
    /// descriptor, and all take this.
    /// </summary>
    internal static IEnumerable<KeyValuePair<string, string?>> Of(SuperblockRequest request, Fd fuseDevice)
    {
        List<KeyValuePair<string, string?>> parameters =
        [
            new("fd", Number(fuseDevice.Number)),
            new("rootmode", Convert.ToString(request.RootMode, 8)),
            new("user_id", Number(request.UserId)),
            new("group_id", Number(request.GroupId)),
        ];
        AddIf(request.DefaultPermissions, "default_permissions", null);
        AddIf(request.AllowOther, "allow_other", null);
        AddIf(request.MaxRead != 0, "max_read", Number(request.MaxRead));
        AddIf(request.BlockSize != 0, "blksize", Number(request.BlockSize));
        foreach (string word in request.SuperblockWords)
        {
            int equals = word.IndexOf('=', StringComparison.Ordinal);
            AddIf(true, equals < 0 ? word : word[..equals], equals < 0 ? null : word[(equals + 1)..]);
        }

        return parameters;

        void AddIf(bool condition, string key, string? value)
        {
            if (condition)
            {
                parameters.Add(new(key, value));
            }
        }
    }

    /// <summary>The data argument of mount(2). A value with a comma cannot be said there.</summary>
    internal static bool TryLegacyData(SuperblockRequest request, Fd fuseDevice, out MountFlags flags, out byte[] data)
    {
        flags = LegacyFlags(request.Attributes);
        StringBuilder text = new();
        foreach ((string key, string? value) in Of(request, fuseDevice))
        {
            if (value is null && LegacyFlagOf(key) is MountFlags flag)
            {
                flags |= flag;
                continue;
            }

            if (value?.Contains(',', StringComparison.Ordinal) == true)
            {
                data = [];
                return false;
            }

            text.Append(text.Length == 0 ? "" : ",").Append(key).Append(value is null ? "" : "=").Append(value);
        }

        data = CString.Allocate(text.ToString());
        return true;
    }

    private static MountFlags? LegacyFlagOf(string word) => word switch
    {
        "ro" => MountFlags.ReadOnly,
        "sync" => MountFlags.Synchronous,
        "dirsync" => MountFlags.Dirsync,
        "lazytime" => MountFlags.LazyTime,
        _ => null,
    };

    private static MountFlags LegacyFlags(MountAttributes attributes)
    {
        MountFlags flags = MountFlags.None;
        flags |= attributes.HasFlag(MountAttributes.ReadOnly) ? MountFlags.ReadOnly : 0;
        flags |= attributes.HasFlag(MountAttributes.NoSuid) ? MountFlags.NoSuid : 0;
        flags |= attributes.HasFlag(MountAttributes.NoDev) ? MountFlags.NoDev : 0;
        flags |= attributes.HasFlag(MountAttributes.NoExec) ? MountFlags.NoExec : 0;
        flags |= attributes.HasFlag(MountAttributes.NoAtime) ? MountFlags.NoAtime : 0;
        flags |= attributes.HasFlag(MountAttributes.StrictAtime) ? MountFlags.StrictAtime : 0;
        flags |= attributes.HasFlag(MountAttributes.NoDirAtime) ? MountFlags.NoDirAtime : 0;
        flags |= attributes.HasFlag(MountAttributes.NoSymFollow) ? MountFlags.NoSymFollow : 0;
        return flags;
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
