namespace ServiceHost.Fuse.Tests.Wire;

/// <summary>The bytes of what <see cref="EchoFileSystem"/> answers, written down once.</summary>
internal static class ReplyBytes
{
    public const string Attr = """
        01 01 00 00 00 00 00 00 | ino
        02 02 00 00 00 00 00 00 | size
        03 03 00 00 00 00 00 00 | blocks
        04 04 00 00 00 00 00 00 | atime
        05 05 00 00 00 00 00 00 | mtime
        06 06 00 00 00 00 00 00 | ctime
        07 00 00 00             | atimensec
        08 00 00 00             | mtimensec
        09 00 00 00             | ctimensec
        A4 81 00 00             | mode 0100644
        0A 00 00 00             | nlink
        0B 00 00 00             | uid
        0C 00 00 00             | gid
        0D 00 00 00             | rdev
        0E 00 00 00             | blksize
        00 00 00 00             | flags

        """;

    public const string Entry = """
        77 00 00 00 00 00 00 00 | nodeid
        88 00 00 00 00 00 00 00 | generation
        21 00 00 00 00 00 00 00 | entry_valid
        22 00 00 00 00 00 00 00 | attr_valid
        23 00 00 00             | entry_valid_nsec
        24 00 00 00             | attr_valid_nsec

        """ + Attr;

    public const string AttrOut = """
        22 00 00 00 00 00 00 00 | attr_valid
        24 00 00 00             | attr_valid_nsec
        00 00 00 00             | dummy

        """ + Attr;

    public const string Open = """
        55 00 00 00 00 00 00 00 | fh
        02 00 00 00             | open_flags KEEP_CACHE
        03 00 00 00             | backing_id

        """;
}
