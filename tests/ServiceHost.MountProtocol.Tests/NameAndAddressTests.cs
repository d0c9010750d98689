namespace ServiceHost.MountProtocol.Tests;

public sealed class NameAndAddressTests
{
    [Theory]
    [InlineData("/run/fuservice/passthrough", Dialect.Own, "passthrough")]
    [InlineData("/run/filesystems/ext4", Dialect.V1, "ext4")]
    public void The_directory_decides_the_dialect(string path, Dialect dialect, string type)
    {
        Assert.True(ServiceAddress.TryParse(System.Text.Encoding.UTF8.GetBytes(path), out ServiceAddress address));
        Assert.Equal(new ServiceAddress(dialect, type), address);
        Assert.Equal(path, address.Path);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/run/fuservice/")]
    [InlineData("/run/fuservice/a/b")]
    [InlineData("/run/fuservice/../filesystems/x")]
    [InlineData("/run/fuservice/.hidden")]
    [InlineData("/tmp/passthrough")]
    [InlineData("run/fuservice/passthrough")]
    [InlineData("\0/run/fuservice/passthrough")]
    public void Any_other_address_has_no_dialect(string path) =>
        Assert.False(ServiceAddress.TryParse(System.Text.Encoding.UTF8.GetBytes(path), out _));

    [Theory]
    [InlineData("ext4", true)]
    [InlineData("my_fs.v2+x-1", true)]
    [InlineData("", false)]
    [InlineData(".", false)]
    [InlineData("..", false)]
    [InlineData("-o", false)]
    [InlineData("a/b", false)]
    [InlineData("a,b", false)]
    [InlineData("a b", false)]
    [InlineData("ä", false)]
    [InlineData("a\n", false)]
    public void A_name_is_harmless_as_file_name_option_word_and_text(string name, bool valid) =>
        Assert.Equal(valid, ProtocolName.IsValid(name));

    [Fact]
    public void A_tag_is_shown_as_letters_or_as_a_number()
    {
        Assert.Equal("HELO", Tag.Hello.ToWireText());
        Assert.Equal("0x1b5b324a", ((Tag)0x1B5B_324A).ToWireText());
    }

    [Fact]
    public void Every_tag_is_four_capital_letters_and_stands_once()
    {
        Tag[] tags = Enum.GetValues<Tag>();
        Assert.Equal(tags.Length, tags.Distinct().Count());
        Assert.All(tags, static tag => Assert.Matches("^[A-Z][A-Z0-9][A-Z][A-Z]$", tag.ToWireText()));
    }

    [Theory]
    [InlineData("plain text, (even) \\this~", "plain text, (even) \\this~")]
    [InlineData("größe", "größe")]
    [InlineData("tab\there", "tab\\u{9}here")]
    [InlineData("\u202Etxt.exe", "\\u{202e}txt.exe")]
    [InlineData("\u0085", "\\u{85}")]
    [InlineData("\U0001F4A9", "\\u{1f4a9}")]
    [InlineData("\u007F", "\\u{7f}")]
    public void Text_from_others_cannot_drive_a_terminal(string text, string shown) =>
        Assert.Equal(shown, DisplayText.FromBytes(System.Text.Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("FF FE", "\\xff\\xfe")]
    [InlineData("C3", "\\xc3")]
    [InlineData("ED A0 80", "\\xed\\xa0\\x80")]
    [InlineData("'a' 80 'b'", "a\\x80b")]
    [InlineData("C0 AF", "\\xc0\\xaf")]
    public void Bytes_that_are_no_UTF8_are_spelled_out(string bytes, string shown) =>
        Assert.Equal(shown, DisplayText.FromBytes(Hex.Bytes(bytes)));
}
