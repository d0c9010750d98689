namespace Ext4.Tests;

/// <summary>A directory on the host that an image is filled from, gone with the test.</summary>
internal sealed class TemporaryTree : IDisposable
{
    private const int BlockSize = 1024;

    public string Root { get; } = Directory.CreateTempSubdirectory("ext4-tree-").FullName;

    public void Write(string name, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(Root, name))!);
        File.WriteAllBytes(Path.Combine(Root, name), content);
    }

    public void Link(string name, string target) => File.CreateSymbolicLink(Path.Combine(Root, name), target);

    /// <summary>A file whose every second block is a hole; block i is full of i + 1.</summary>
    public void Fragmented(string name, int pieces)
    {
        using FileStream file = File.Create(Path.Combine(Root, name));
        for (int i = 0; i < pieces; i++)
        {
            // Holes of 4 KiB: the smallest that every host filesystem keeps as such.
            file.Position = i * 8L * BlockSize;
            file.Write([.. Enumerable.Repeat((byte)(i + 1), 4 * BlockSize)]);
        }
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
