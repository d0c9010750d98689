namespace Ext4.Tests;

/// <summary>An image file made by mke2fs, gone with the test.</summary>
public sealed class TemporaryImage : IDisposable
{
    private TemporaryImage(string path) => FilePath = path;

    public string FilePath { get; }

    /// <summary>mke2fs with these arguments on a sparse file of this size.</summary>
    public static TemporaryImage Make(string size, params string[] arguments)
    {
        var image = new TemporaryImage(Path.Combine(Path.GetTempPath(), $"ext4-{Guid.NewGuid():N}.img"));
        try
        {
            Tool.Run("mke2fs", ["-q", "-F", .. arguments, image.FilePath, size]);
            return image;
        }
        catch
        {
            image.Dispose();
            throw;
        }
    }

    public MemoryDevice Load() => new(File.ReadAllBytes(FilePath));

    public void Dispose() => File.Delete(FilePath);
}
