using Servers.Ext4;

namespace Ext4.Tests;

/// <summary>The file "pieces" of the sample images: 4 KiB of data, 4 KiB of hole, twelve times.</summary>
internal static class FileMapExpectations
{
    private const int Piece = 4096;
    private const int Count = 12;

    public static (long Offset, long Length, RunState State)[] Pieces() =>
        [.. Enumerable.Range(0, (2 * Count) - 1).Select(i =>
            ((long)i * Piece, (long)Piece, i % 2 == 0 ? RunState.Mapped : RunState.Hole))];

    /// <summary>What MapAt says from front to back, with neighbours in the same state joined.</summary>
    public static (long Offset, long Length, RunState State)[] MapOf(ImageSurgeon image, string path)
    {
        Ext4Volume volume = image.Open();
        Inode inode = image.Find(path, volume);
        var found = new List<(long Offset, long Length, RunState State)>();
        for (long offset = 0; offset < inode.Size;)
        {
            Assert.Equal(Ext4Error.None, volume.MapAt(inode, offset, out FileExtent extent));
            if (found.Count > 0 && found[^1].State == extent.State)
            {
                found[^1] = found[^1] with { Length = found[^1].Length + extent.Length };
            }
            else
            {
                found.Add((offset, extent.Length, extent.State));
            }

            offset = extent.End;
        }

        return [.. found];
    }
}
