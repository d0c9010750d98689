namespace Servers.Ext4;

public sealed partial class Ext4Volume
{
    /// <summary>Reads from a regular file; fewer bytes than asked for mean the end of the file. Past it there are none.</summary>
    public Ext4Error Read(Inode inode, long offset, Span<byte> buffer, out int count)
    {
        count = 0;
        Ext4Error readable = CheckReadable(inode, offset);
        if (!readable.IsNone)
        {
            return readable;
        }

        try
        {
            count = FileReader.Read(_core, inode, offset, buffer);
            return Ext4Error.None;
        }
        catch (Ext4Exception exception)
        {
            return exception.Error;
        }
    }

    /// <summary>
    /// The part of a file that begins at an offset inside it: its state, and how far that reaches. Enumerating them is FIEMAP. This one
    /// also answers for directories and encrypted files, whose places are no secret.
    /// </summary>
    public Ext4Error MapAt(Inode inode, long offset, out FileExtent extent)
    {
        extent = default;
        if (offset < 0 || offset >= inode.Size)
        {
            return Ext4ErrorKind.NoSuchOffset;
        }

        try
        {
            extent = Extents.At(_core, inode, offset);
            return Ext4Error.None;
        }
        catch (Ext4Exception exception)
        {
            return exception.Error;
        }
    }

    /// <summary>lseek with SEEK_DATA or SEEK_HOLE. The end of a file is a hole.</summary>
    public Ext4Error Seek(Inode inode, long offset, bool forData, out long result)
    {
        result = 0;
        if (offset < 0 || offset >= inode.Size)
        {
            return Ext4ErrorKind.NoSuchOffset;
        }

        try
        {
            result = Extents.Seek(_core, inode, offset, forData);
            return result < 0 ? Ext4ErrorKind.NoSuchOffset : Ext4Error.None;
        }
        catch (Ext4Exception exception)
        {
            return exception.Error;
        }
    }

    /// <summary>Tells the device which bytes of a file are wanted soon. What cannot be mapped is left to the read that fails on it.</summary>
    public void ReadAhead(Inode inode, long offset, long length)
    {
        if (!CheckReadable(inode, offset).IsNone || inode.Inline != null)
        {
            return;
        }

        try
        {
            Extents.ReadAhead(_core, inode, offset, length);
        }
        catch (Ext4Exception exception)
        {
            _core.Faults.Report(exception.Error);
        }
    }

    private Ext4Error CheckReadable(Inode inode, long offset)
    {
        if (inode.IsDirectory)
        {
            return Ext4ErrorKind.IsDirectory;
        }

        if (!inode.IsRegular || offset < 0)
        {
            return Ext4ErrorKind.Invalid;
        }

        return inode.IsEncrypted ? WhyLocked(inode) : Ext4Error.None;
    }

    private Ext4Error WhyLocked(Inode inode)
    {
        try
        {
            return EncryptionPolicy.WhyLocked(_core, inode);
        }
        catch (Ext4Exception exception)
        {
            return exception.Error;
        }
    }
}
