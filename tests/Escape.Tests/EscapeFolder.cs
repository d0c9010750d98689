namespace Escape.Tests;

/// <summary>Where everybody may write, with a file of everybody's: what is refused there is not refused for its permissions. Below it, a tree to
/// grant.</summary>
internal sealed class EscapeFolder : IDisposable
{
    private const UnixFileMode Everybody = (UnixFileMode)0x1FF;

    public EscapeFolder()
    {
        // On a tmpfs that everybody reaches, unlike the folders below /tmp that tests usually have.
        Path = Directory.CreateTempSubdirectory("fuservice-escape-").FullName;
        Assert.Equal(0, Command.Run("mount", "-t", "tmpfs", "-o", "mode=0777", "fuservice-test", Path).ExitCode);
        File.WriteAllText(Path + "/file", "");
        File.SetUnixFileMode(Path + "/file", Everybody);
        (int code, _, string error) = Command.Run("sh", "-ec", """
            setfattr -n user.kept -v x "$0/file"
            mkdir "$0/tree"
            cd "$0/tree"
            touch root-file user-file
            chown 1000:1000 user-file
            ln -s "$0/file" link
            mknod -m 666 device b 7 0
            """, Path);
        Assert.True(code == 0, error);
    }

    public string Path { get; }

    public void Dispose()
    {
        Command.Run("umount", "-l", Path);
        Directory.Delete(Path);
    }
}
