namespace Servers.Ext4;

/// <summary>
/// Where the bytes of a filesystem come from: a device, an image file, a part of one, or an overlay of recovered blocks. It is the
/// only way out of this library. Calls come from several threads at once.
/// </summary>
public interface IBlockDevice
{
    /// <summary>Size in bytes. It does not change while the volume is open.</summary>
    long Length { get; }

    /// <summary>
    /// Fills the whole buffer from <paramref name="offset"/> on. False means the device could not (an I/O error, or bytes beyond its
    /// end); what stands in the buffer then is not used.
    /// </summary>
    bool ReadAt(long offset, Span<byte> buffer);

    /// <summary>A hint that these bytes are read soon. Never fails, never waits.</summary>
    void ReadAhead(long offset, long length);
}
