namespace EscapeProbe;

/// <summary>Changes to what has a path, in a directory where everybody may make them.</summary>
internal static class ChangeAttempts
{
    private const int RemoveDirectory = 0x200;

    public static IEnumerable<Attempt> All(Targets targets)
    {
        string made = targets.Folder + "/made";
        return
        [
            new("make a directory", () => Undo(RawCall.Call((int)X64Call.Mkdirat, RawCall.Cwd, made, 0x1ED), made, RemoveDirectory)),
            new("make a device", () => Undo(RawCall.Call((int)X64Call.Mknodat, RawCall.Cwd, made, 0x21B6, 0x103), made)),
            new("make a FIFO", () => Undo(RawCall.Call((int)X64Call.Mknodat, RawCall.Cwd, made, 0x11B6, 0), made)),
            new("make a symbolic link", () => Undo(RawCall.Call((int)X64Call.Symlinkat, "/", RawCall.Cwd, made), made)),
            new("make a hard link", () => Undo(RawCall.Call((int)X64Call.Linkat, RawCall.Cwd, targets.File, RawCall.Cwd, made, 0), made)),
            new("rename a file", () => Rename(targets.File, made)),
            new("remove a file", () => RemoveFile(targets.File, made)),
            new("change the mode of a file", X64Call.Fchmodat, RawCall.Cwd, targets.File, 0x1B6),
            new("change the owner of a file", X64Call.Fchownat, RawCall.Cwd, targets.File, -1, -1, 0),
            new("truncate a file", X64Call.Truncate, targets.File, 0),
            new("change the times of a file", X64Call.Utimensat, RawCall.Cwd, targets.File, 0, 0),
            new("set an attribute of a file", X64Call.Setxattr, targets.File, "user.a", "x", 1, 0),
            new("remove an attribute of a file", X64Call.Removexattr, targets.File, "user.a"),
        ];
    }

    private static string Undo(string result, string path, int flags = 0)
    {
        if (result == "OK")
        {
            RawCall.Call((int)X64Call.Unlinkat, RawCall.Cwd, path, flags);
        }

        return result;
    }

    /// <summary>Another name keeps what is removed, its attributes included.</summary>
    private static string RemoveFile(string path, string kept)
    {
        string linked = RawCall.Call((int)X64Call.Linkat, RawCall.Cwd, path, RawCall.Cwd, kept, 0);
        string result = RawCall.Call((int)X64Call.Unlinkat, RawCall.Cwd, path, 0);
        if (linked == "OK")
        {
            RawCall.Call((int)X64Call.Renameat2, RawCall.Cwd, kept, RawCall.Cwd, path, 0);
        }

        return result;
    }

    private static string Rename(string from, string to)
    {
        string result = RawCall.Call((int)X64Call.Renameat2, RawCall.Cwd, from, RawCall.Cwd, to, 0);
        if (result == "OK")
        {
            RawCall.Call((int)X64Call.Renameat2, RawCall.Cwd, to, RawCall.Cwd, from, 0);
        }

        return result;
    }
}
