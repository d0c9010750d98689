using System.Globalization;

namespace EscapeProbe;

/// <summary>
/// To leave the directory that was granted, or to leave something in it for others. It has the files "root-file" and "user-file", a "device" that is a
/// block device, and "link", a symbolic link to the file outside.
/// </summary>
internal static class TreeAttempts
{
    private const int SetUserId = 0x9ED;
    private const int SetGroupId = 0x5ED;
    private const int RemoveDirectory = 0x200;
    private const int RegularFile = 0x8000;
    private const int AtEmptyPath = 0x1000;
    private const int StatSize = 144;
    private const int DeviceAndInode = 16;

    // struct vfs_cap_data, revision 2, effective: CAP_SYS_ADMIN.
    private static readonly byte[] s_capability = [1, 0, 0, 2, 0, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    public static IEnumerable<Attempt> All(Targets targets) => targets is { Tree: int tree, ReadOnlyTree: int readOnly }
        ?
        [
            new("leave the tree upwards", () => Leave(tree)),
            new("leave the tree by a link", () => RawCall.Open(tree, "link", OpenFlags.ReadOnly)),
            new("leave the tree by the process' root", () => RawCall.Open(tree, "/proc/self/root/etc/passwd", OpenFlags.ReadOnly)),
            new("take a file out of the tree", () => TakeOut(tree, targets.Folder + "/taken")),
            new("take a file into the tree", () => Remove(RawCall.Call((int)X64Call.Linkat, RawCall.Cwd, targets.File, tree, "made", 0), tree)),
            new("write into the read-only clone", () => RawCall.Open(readOnly, "root-file", OpenFlags.WriteOnly)),
            new("open a device of the tree", () => RawCall.Open(tree, "device", OpenFlags.ReadOnly)),
            new("make a device in the tree", () => Remove(RawCall.Call((int)X64Call.Mknodat, tree, "made", 0x6180, 0x700), tree)),
            new("make a setuid file by chmod", X64Call.Fchmodat, tree, "root-file", SetUserId),
            new("make a setuid file by fchmodat2", X64Call.Fchmodat2, tree, "root-file", SetUserId, 0),
            new("make a setuid file by open", () => Remove(RawCall.Open(tree, "made", OpenFlags.WriteOnly | OpenFlags.Create, SetUserId), tree)),
            new("make a setuid file by mknod", () => Remove(RawCall.Call((int)X64Call.Mknodat, tree, "made", RegularFile | SetUserId, 0), tree)),
            new("mark a directory set-group-ID", () => MarkDirectory(tree, "made")),
            new("mark a directory set-group-ID by the fixed path", () => MarkDirectory(tree, null)),
            new("mark a file set-group-ID by the fixed path", () => MarkFile(tree)),
            new("give a file a capability", () => SetAttribute(tree, "security.capability", s_capability)),
            new("give a file a trusted attribute", () => SetAttribute(tree, "trusted.x", [1])),
            new("give a file to an id outside the map", X64Call.Fchownat, tree, "root-file", 70_000, 70_000, 0),
            new("execute a file of the tree", X64Call.Execveat, tree, "root-file", 1, 0, 0),
            new("clone the tree", () => RawCall.CallForDescriptor((int)X64Call.OpenTree, tree, "", 1 | AtEmptyPath)),
            new("change the flags of the tree", X64Call.MountSetattr, tree, "", AtEmptyPath, (byte[])[.. new byte[8], 6, .. new byte[23]], 32),

            // The last one: where it works, all that follows would happen in there.
            new("make the tree its root", X64Call.Chroot, PathOf(tree)),
        ]
        : [];

    private static string Leave(int tree)
    {
        byte[] here = new byte[StatSize];
        byte[] above = new byte[StatSize];
        RawCall.Call((int)X64Call.Newfstatat, tree, "", here, AtEmptyPath);
        string result = RawCall.Call((int)X64Call.Newfstatat, tree, "../..", above, 0);
        return result == "OK" && here.AsSpan(0, DeviceAndInode).SequenceEqual(above.AsSpan(0, DeviceAndInode)) ? "stays" : result;
    }

    private static string TakeOut(int tree, string path)
    {
        string result = RawCall.Call((int)X64Call.Renameat2, tree, "root-file", RawCall.Cwd, path, 0);
        if (result == "OK")
        {
            RawCall.Call((int)X64Call.Renameat2, RawCall.Cwd, path, tree, "root-file", 0);
        }

        return result;
    }

    private static string Remove(string result, int tree)
    {
        if (result == "OK")
        {
            RawCall.Call((int)X64Call.Unlinkat, tree, "made", 0);
        }

        return result;
    }

    /// <summary>By its name, or as the filter knows a directory. Unconfined nothing lies at that address.</summary>
    private static string MarkDirectory(int tree, string? name)
    {
        RawCall.Call((int)X64Call.Mkdirat, tree, "made", 0x1ED);
        long directory = RawCall.OpenNumber(tree, "made", OpenFlags.Path);
        string result = name is null
            ? RawCall.Call((int)X64Call.Fchmodat, directory, (long)FixedDot.Address, SetGroupId)
            : RawCall.Call((int)X64Call.Fchmodat, tree, name, SetGroupId);
        RawCall.Closed(directory);
        RawCall.Call((int)X64Call.Unlinkat, tree, "made", RemoveDirectory);
        return result;
    }

    private static string MarkFile(int tree)
    {
        long file = RawCall.OpenNumber(tree, "root-file", OpenFlags.Path);
        string result = RawCall.Call((int)X64Call.Fchmodat, file, (long)FixedDot.Address, SetGroupId);
        RawCall.Closed(file);
        return result;
    }

    /// <summary>Attributes are set by path, and a descriptor has one.</summary>
    private static string SetAttribute(int tree, string name, byte[] value)
    {
        long file = RawCall.OpenNumber(tree, "root-file", OpenFlags.ReadOnly);
        string result = file < 0 ? RawCall.Say(file) : RawCall.Call((int)X64Call.Setxattr, PathOf((int)file), name, value, value.Length, 0);
        RawCall.Closed(file);
        return result;
    }

    private static string PathOf(int descriptor) => string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{descriptor}");
}
