using System.Security.Cryptography;
using System.Text;
using Servers.Ext4;

namespace Ext4.Tests;

/// <summary>
/// Encrypted directories without the key. No tool at hand makes one, but to whoever has no key any bytes are ciphertext: the flag and a
/// policy turn an ordinary directory into one.
/// </summary>
public sealed class EncryptedTreeTests
{
    private static readonly byte[] s_policy = [2, 1, 4, 3, .. new byte[36]];

    [Fact]
    public void Names_are_shown_in_a_form_that_can_be_looked_up()
    {
        ImageSurgeon image = Encrypted("large");
        Ext4Volume volume = image.Open();
        Inode directory = image.Find("large", volume);

        (List<string> names, Ext4Error error) = ImageSurgeon.List(volume, directory);

        Assert.Equal(Ext4Error.None, error);
        Assert.Equal(602, names.Count);
        foreach (string name in names.Skip(2).Take(50))
        {
            Assert.Equal(Ext4Error.None, volume.Lookup(directory, Encoding.UTF8.GetBytes(name), out Inode? inode));
            Assert.True(inode!.IsRegular);
        }

        Assert.Equal(Ext4ErrorKind.NotFound, volume.Lookup(directory, "a name of some length, number 0001"u8, out _).Kind);
    }

    [Fact]
    public void Names_too_short_to_be_ciphertext_are_passed_over()
    {
        ImageSurgeon image = Encrypted("dir");
        Ext4Volume volume = image.Open();

        (List<string> names, Ext4Error error) = ImageSurgeon.List(volume, image.Find("dir", volume));

        Assert.Equal([".", ".."], names);
        Assert.Equal(CorruptionReason.DirectoryName, error.Reason);
    }

    [Fact]
    public void Without_a_policy_nothing_is_shown()
    {
        ImageSurgeon image = SampleImages.Plain();
        SetEncrypted(image, "small");
        Ext4Volume volume = image.Open();
        Inode directory = image.Find("small", volume);

        Assert.Equal(Ext4ErrorKind.NoAttribute, volume.OpenDirectory(directory, 0, out _).Kind);
        Assert.Equal(Ext4ErrorKind.NoAttribute, volume.Lookup(directory, "x"u8, out _).Kind);
    }

    [Fact]
    public void Contents_need_the_key()
    {
        ImageSurgeon image = Encrypted("file");
        Ext4Volume volume = image.Open();

        Assert.Equal(Ext4ErrorKind.NoKey, volume.Read(image.Find("file", volume), 0, new byte[10], out _).Kind);
        volume.ReadAhead(image.Find("file", volume), 0, 10);
    }

    [Theory]
    [InlineData(false, Ext4ErrorKind.NoAttribute)]
    [InlineData(true, Ext4ErrorKind.Invalid)]
    public void A_missing_or_unknown_policy_is_told_apart_from_a_missing_key(bool any, Ext4ErrorKind kind)
    {
        ImageSurgeon image = any ? Encrypted("file", [9, .. s_policy[1..]]) : SampleImages.Plain();
        SetEncrypted(image, "file");
        Ext4Volume volume = image.Open();

        Assert.Equal(kind, volume.Read(image.Find("file", volume), 0, new byte[10], out _).Kind);
    }

    [Fact]
    public void A_plain_directory_in_an_encrypted_one_is_not_permitted()
    {
        ImageSurgeon image = Encrypted("large");
        Ext4Volume volume = image.Open();
        Inode directory = image.Find("large", volume);
        int record = image.BlockOffset("large", 1);
        image.Put32(record, image.Find("dir", volume).Number.Value);
        string name = ImageSurgeon.List(image.Open(), directory).Names.First(n => n.Length > 2);
        volume = image.Open();

        Ext4ErrorKind[] kinds = [.. ImageSurgeon.List(volume, directory).Names.Skip(2)
            .Select(n => volume.Lookup(directory, Encoding.UTF8.GetBytes(n), out _).Kind)];

        Assert.Single(kinds, Ext4ErrorKind.NotPermitted);
        Assert.NotEmpty(name);
    }

    [Fact]
    public void A_link_shows_its_ciphertext_and_the_length_of_that()
    {
        ImageSurgeon image = SampleImages.Plain();
        int inode = image.InodeOffset("fast");
        SetEncrypted(image, "fast");
        image.Put32(inode + 4, 34);
        image.Put(inode + 0x28, [32, 0, .. Enumerable.Repeat((byte)0xAB, 32)]);
        Ext4Volume volume = image.Open();
        Inode link = image.Find("fast", volume);
        byte[] target = new byte[300];

        Assert.Equal(Ext4Error.None, volume.Readlink(link, target, out int length));
        Assert.Equal(Ext4Error.None, volume.GetSize(link, out long size));
        Assert.Equal(54, length);
        Assert.Equal(length, size);
        Assert.StartsWith("AAAAAAAAAACrq6ur", Encoding.ASCII.GetString(target, 0, length), StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_with_an_impossible_length_is_corrupted()
    {
        ImageSurgeon image = SampleImages.Plain();
        SetEncrypted(image, "fast");
        Ext4Volume volume = image.Open();

        Assert.Equal(CorruptionReason.EncryptedSymlink, volume.Readlink(image.Find("fast", volume), new byte[9], out _).Reason);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(149)]
    [InlineData(150)]
    [InlineData(255)]
    public void The_shown_form_stands_for_one_name_only(int length)
    {
        byte[] stored = RandomNumberGenerator.GetBytes(length);
        byte[] other = [.. stored[..^1], (byte)~stored[^1]];
        byte[] shown = new byte[EncryptedNames.MaximumLength];
        int written = EncryptedNames.Encode(stored, 1, 2, shown);

        Assert.True(EncryptedNames.Matches(stored, shown.AsSpan(0, written)));
        Assert.False(EncryptedNames.Matches(other, shown.AsSpan(0, written)));
        Assert.False(EncryptedNames.Matches(stored, "no base64!"u8));
        Assert.False(EncryptedNames.Matches(stored, "AAAA"u8));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(55)]
    [InlineData(56)]
    [InlineData(64)]
    [InlineData(119)]
    [InlineData(1000)]
    public void Sha256_is_the_one_everybody_knows(int length)
    {
        byte[] data = [.. Enumerable.Range(0, length).Select(i => (byte)i)];
        byte[] digest = new byte[Sha256.Size];
        Sha256.Compute(data, digest);

        Assert.Equal(SHA256.HashData(data), digest);
    }

    private static ImageSurgeon Encrypted(string path, byte[]? policy = null)
    {
        ImageSurgeon image = SampleImages.Plain();
        SetEncrypted(image, path);
        int inode = image.InodeOffset(path);
        // One attribute in the inode: header, entry of the encryption namespace named "c", terminator, value at the end.
        int header = inode + 128 + (int)(image.Get32(inode + 128) & 0xFFFF);
        int end = inode + 256;
        byte[] value = policy ?? s_policy;
        image.Device.Bytes.AsSpan(header, end - header).Clear();
        image.Put32(header, 0xEA02_0000);
        image.Put(header + 4, 1, 9);
        image.Put16(header + 6, end - (header + 4) - value.Length);
        image.Put32(header + 12, (uint)value.Length);
        image.Put(header + 20, (byte)'c');
        image.Put(end - value.Length, value);
        return image;
    }

    private static void SetEncrypted(ImageSurgeon image, string path)
    {
        int flags = image.InodeOffset(path) + 0x20;
        image.Put32(flags, image.Get32(flags) | (uint)InodeFlags.Encrypt);
    }
}
