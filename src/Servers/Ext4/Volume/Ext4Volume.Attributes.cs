namespace Servers.Ext4;

public sealed partial class Ext4Volume
{
    /// <summary>
    /// The names of a file's extended attributes, each ended by a NUL. An empty buffer asks for the length only. Who may see which
    /// (trusted.* is root's alone) is for the caller to decide.
    /// </summary>
    public Ext4Error Listxattr(Inode inode, Span<byte> names, out int length)
    {
        length = 0;
        try
        {
            length = _core.Attributes.List(inode, names);
            return length > names.Length && !names.IsEmpty ? Ext4ErrorKind.BufferTooSmall : Ext4Error.None;
        }
        catch (Ext4Exception exception)
        {
            return exception.Error;
        }
    }

    /// <summary>The value of an attribute, ACLs in the form that Linux gives them. An empty buffer asks for the length only.</summary>
    public Ext4Error Getxattr(Inode inode, ReadOnlySpan<byte> name, Span<byte> value, out int length)
    {
        length = 0;
        if (!AttributeNames.TryParse(name, out AttributeNamespace space, out ReadOnlySpan<byte> rest))
        {
            return Ext4ErrorKind.NotSupported;
        }

        try
        {
            byte[]? stored = _core.Attributes.Get(inode, space, rest);
            if (stored == null)
            {
                return Ext4ErrorKind.NoAttribute;
            }

            bool acl = space is AttributeNamespace.AccessAcl or AttributeNamespace.DefaultAcl;
            byte[]? shown = acl ? AccessControlList.ToLinux(stored) : stored;
            if (shown == null)
            {
                return new Ext4Error(Ext4ErrorKind.Invalid, CorruptionReason.AccessControlList, inode.Number.Value);
            }

            length = shown.Length;
            return value.IsEmpty || shown.AsSpan().TryCopyTo(value) ? Ext4Error.None : Ext4ErrorKind.BufferTooSmall;
        }
        catch (Ext4Exception exception)
        {
            return exception.Error;
        }
    }
}
