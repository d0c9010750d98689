using System.Diagnostics.CodeAnalysis;

namespace Servers.Ext4;

public sealed partial class Ext4Volume
{
    /// <summary>Reads an inode by number: the root, or anything a directory may refer to.</summary>
    public Ext4Error GetInode(InodeNumber number, out Inode? inode)
    {
        inode = null;
        if (number == InodeNumber.Root)
        {
            inode = _root;
            return Ext4Error.None;
        }

        try
        {
            inode = _core.Inodes.Get(number, InodeUse.Normal);
            return Ext4Error.None;
        }
        catch (Ext4Exception exception)
        {
            return exception.Error;
        }
    }

    /// <summary>
    /// Finds a name and reads its inode. A directory that refers to an inode which cannot be referred to, is not in use, or is the
    /// directory itself is corrupted.
    /// </summary>
    public Ext4Error Lookup(Inode directory, ReadOnlySpan<byte> name, out Inode? inode)
    {
        inode = null;
        if (!directory.IsDirectory)
        {
            return Ext4ErrorKind.NotDirectory;
        }

        if (name.Length > DirectoryLookup.MaximumName)
        {
            return Ext4ErrorKind.NameTooLong;
        }

        try
        {
            inode = Find(directory, name);
            return inode == null ? Ext4ErrorKind.NotFound : Ext4Error.None;
        }
        catch (Ext4Exception exception)
        {
            return exception.Error;
        }
    }

    /// <summary>The target of a symbolic link, as far as the buffer reaches.</summary>
    public Ext4Error Readlink(Inode inode, Span<byte> target, out int length)
    {
        length = 0;
        if (!inode.IsSymlink)
        {
            return Ext4ErrorKind.Invalid;
        }

        try
        {
            length = Symlinks.Read(_core, inode, target);
            return Ext4Error.None;
        }
        catch (Ext4Exception exception)
        {
            return exception.Error;
        }
    }

    /// <summary>st_size. It is the inode's, except for an encrypted link, whose target is shown in a form of another length.</summary>
    public Ext4Error GetSize(Inode inode, out long size)
    {
        size = inode.Size;
        if (!inode.IsHiddenLink)
        {
            return Ext4Error.None;
        }

        Span<byte> target = stackalloc byte[EncryptedNames.MaximumLength];
        Ext4Error error = Readlink(inode, target, out int length);
        size = length;
        return error;
    }

    /// <summary>
    /// st_size. An encrypted link is as long as the target that is shown for it; everything else as long as the inode says.
    /// </summary>
    public long StatSize(Inode inode)
    {
        if (!inode.IsSymlink || !inode.IsEncrypted)
        {
            return inode.Size;
        }

        Span<byte> target = stackalloc byte[EncryptedNames.MaximumLength];
        return Readlink(inode, target, out int length).IsNone ? length : inode.Size;
    }

    /// <summary>Opens a directory for listing, at its start or at the position behind an entry.</summary>
    public Ext4Error OpenDirectory(Inode directory, ulong position, out DirectoryReader? reader)
    {
        reader = null;
        if (!directory.IsDirectory)
        {
            return Ext4ErrorKind.NotDirectory;
        }

        try
        {
            reader = new DirectoryReader(_core, directory, position);
            return Ext4Error.None;
        }
        catch (Ext4Exception exception)
        {
            return exception.Error;
        }
    }

    private Inode? Find(Inode directory, ReadOnlySpan<byte> name)
    {
        if (directory.IsEncrypted)
        {
            EncryptionPolicy.Require(_core, directory);
        }

        uint number = DirectoryLookup.Find(_core, directory, name);
        if (number == 0)
        {
            return null;
        }

        bool dots = name.SequenceEqual("."u8) || name.SequenceEqual(".."u8);
        if (!_core.Inodes.IsValidEntry(number) || (number == directory.Number.Value && !dots))
        {
            throw Ext4Exception.Corrupted(
                CorruptionReason.DirectorySelfReference, directory.Number.Value, value: number, limit: Superblock.InodesCount);
        }

        Ext4Error error = GetInode(new InodeNumber(number), out Inode? inode);
        if (error.Kind == Ext4ErrorKind.Stale)
        {
            throw Ext4Exception.Corrupted(CorruptionReason.InodeUnused, number, value: directory.Number.Value);
        }

        if (!error.IsNone)
        {
            throw new Ext4Exception(error);
        }

        bool guarded = directory.IsEncrypted && !dots && (inode!.IsDirectory || inode.IsSymlink);
        return !guarded || EncryptionPolicy.Permits(_core, directory, inode!)
            ? inode
            : throw new Ext4Exception(new Ext4Error(Ext4ErrorKind.NotPermitted, CorruptionReason.EncryptionContext, number));
    }
}
