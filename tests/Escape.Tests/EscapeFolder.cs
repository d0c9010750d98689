namespace Escape.Tests;

/// <summary>Where everybody may write, with a file of everybody's: what is refused there is not refused for its permissions.</summary>
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
    }

    public string Path { get; }

    public void Dispose()
    {
        Command.Run("umount", "-l", Path);
        Directory.Delete(Path);
    }
}
