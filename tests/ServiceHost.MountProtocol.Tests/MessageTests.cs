namespace ServiceHost.MountProtocol.Tests;

/// <summary>Every message of both dialects against byte literals, in both directions, and against what is not quite it.</summary>
public sealed class MessageTests
{
    public static TheoryData<string> Messages => PacketCase.Names;

    [Theory]
    [MemberData(nameof(Messages))]
    public void Is_written_as_the_literal(string name)
    {
        PacketCase message = PacketCase.Find(name);
        Assert.Equal(Convert.ToHexString(message.Packet), Convert.ToHexString(message.Encode()));
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void Is_read_without_losing_a_field(string name)
    {
        PacketCase message = PacketCase.Find(name);
        byte[]? again = message.DecodeAndEncode(message.Packet);
        Assert.NotNull(again);
        Assert.Equal(Convert.ToHexString(message.Packet), Convert.ToHexString(again));
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void No_prefix_of_it_is_accepted(string name)
    {
        PacketCase message = PacketCase.Find(name);
        for (int length = 0; length < message.Packet.Length; length++)
        {
            Assert.True(message.DecodeAndEncode(message.Packet[..length]) is null, $"{length} bytes of {name} were accepted");
        }
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void Nothing_may_follow_it(string name)
    {
        PacketCase message = PacketCase.Find(name);
        Assert.Null(message.DecodeAndEncode([.. message.Packet, 0]));
        Assert.Null(message.DecodeAndEncode([.. message.Packet, .. message.Packet]));
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void Another_tag_is_another_message(string name)
    {
        PacketCase message = PacketCase.Find(name);
        for (int bit = 0; bit < 32; bit++)
        {
            byte[] packet = [.. message.Packet];
            packet[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.True(message.DecodeAndEncode(packet) is null, $"bit {bit} of the tag of {name} does not matter");
        }
    }

    /// <summary>A reserved field, a bit without meaning, a value outside its range: packet, position, new bytes.</summary>
    [Theory]
    [InlineData("OLEH", 6, "0001", "reserved")]
    [InlineData("ARGV", 12, "00000020", "flag 32 has no meaning")]
    [InlineData("ARGV", 16, "00040001", "more than an argument memfd may have")]
    [InlineData("ARGV", 22, "8000", "reserved")]
    [InlineData("ARGV", 20, "2001", "8193 groups")]
    [InlineData("ROLE", 4, "00000000", "no kind")]
    [InlineData("ROLE", 4, "00000008", "kind 8")]
    [InlineData("ROLE", 8, "00000002", "access 2")]
    [InlineData("ROLE", 12, "00000002", "flag 2")]
    [InlineData("GRNT", 4, "00001000", "errno 4096")]
    [InlineData("GRNT", 8, "00000008", "kind 8")]
    [InlineData("GRNT", 16, "00000400", "flag 0x400")]
    [InlineData("GRNT", 54, "0155", "341 extents")]
    [InlineData("GRNT", 68, "00000000", "an empty extent")]
    [InlineData("GRNT", 68, "FFFFFFFF", "an extent that runs over the end of the ids")]
    [InlineData("MNTR", 4, "00000008", "flag 8")]
    [InlineData("MNTR", 8, "00006000", "a block device as root")]
    [InlineData("MNTR", 20, "00000000", "no device")]
    [InlineData("MNTR", 20, "00000041", "65 devices")]
    [InlineData("MNTD", 8, "00000000", "success without a device")]
    [InlineData("MNTD", 4, "00000005", "an error with devices")]
    [InlineData("MNTD", 24, "00000001", "reserved")]
    [InlineData("NOTE", 4, "00000002", "level 2")]
    [InlineData("DONE", 4, "80000000", "a negative errno")]
    [InlineData("SAFT", 8, "00000004", "hello flag 4")]
    [InlineData("LAST", 6, "0001", "reserved")]
    [InlineData("MNTP", 6, "0001", "reserved")]
    [InlineData("REPL", 4, "FFFFFFEA", "-EINVAL")]
    public void What_has_no_meaning_is_refused(string name, int position, string bytes, string why)
    {
        PacketCase message = PacketCase.Find(name);
        byte[] packet = [.. message.Packet];
        Hex.Bytes(bytes).CopyTo(packet, position);
        Assert.True(message.DecodeAndEncode(packet) is null, why);
    }

    [Theory]
    [InlineData("FILE")]
    [InlineData("OPEN")]
    [InlineData("BDEV")]
    [InlineData("NAME")]
    [InlineData("MNTP")]
    [InlineData("OPTS")]
    [InlineData("MTAB")]
    public void A_string_of_v1_ends_in_its_only_NUL(string name)
    {
        PacketCase message = PacketCase.Find(name);
        byte[] inner = [.. message.Packet];
        inner[^2] = 0;
        Assert.Null(message.DecodeAndEncode(inner));
        byte[] unterminated = [.. message.Packet];
        unterminated[^1] = (byte)'x';
        Assert.Null(message.DecodeAndEncode(unterminated));
    }

    [Theory]
    [InlineData("HELO", 48)]
    [InlineData("ROLE", 16)]
    [InlineData("NOTE", 8)]
    [InlineData("GBYE", 8)]
    [InlineData("DONE", 8)]
    public void The_length_of_a_string_is_believed_only_within_its_limit_and_the_packet(string name, int position)
    {
        PacketCase message = PacketCase.Find(name);
        foreach (int length in (int[])[0xFFFF, Limits.TextBytes + 1, message.Packet.Length - position - 1, 1])
        {
            byte[] packet = [.. message.Packet];
            packet[position] = (byte)(length >> 8);
            packet[position + 1] = (byte)length;
            Assert.True(message.DecodeAndEncode(packet) is null, $"length {length} was accepted");
        }
    }

    [Fact]
    public void A_name_of_64_bytes_is_the_longest()
    {
        byte[] longest = new Hello(1, 1, HelloFeatures.None, 1, 1, 1, new string('n', 64)).Encode();
        Assert.True(Hello.TryDecode(longest, out Hello hello));
        Assert.Equal(64, hello.Type.Length);
        byte[] longer = [.. longest, (byte)'n'];
        longer[25] = 65;
        Assert.False(Hello.TryDecode(longer, out _));
        Assert.Throws<ArgumentException>(() => new Hello(1, 1, HelloFeatures.None, 1, 1, 1, new string('n', 65)).Encode());
    }

    [Fact]
    public void A_peer_ignores_features_it_does_not_know()
    {
        byte[] packet = new Hello(1, 1, (HelloFeatures)0x8000_0001, 1, 1, 1, "t").Encode();
        Assert.True(Hello.TryDecode(packet, out Hello hello));
        Assert.Equal(0x8000_0001u, (uint)hello.Features);
    }

    [Fact]
    public void Text_that_is_too_long_is_cut_at_a_character()
    {
        // 1023 bytes and then a character of two.
        byte[] packet = new Note(NoteLevel.Verbose, new string('a', 1023) + "ä").Encode();
        Assert.Equal(10 + 1023, packet.Length);
        Assert.True(Note.TryDecode(packet, out Note note));
        Assert.Equal(new string('a', 1023), note.Text);
    }

    [Fact]
    public void Text_of_a_peer_is_harmless_once_it_is_decoded()
    {
        byte[] packet = Hex.Bytes("'GBYE' 00000001 000B 1B '[2J' 07 'a' 0A C3A4 FF");
        packet[9] = (byte)(packet.Length - 10);
        Assert.True(Goodbye.TryDecode(packet, out Goodbye goodbye));
        Assert.Equal("\\u{1b}[2J\\u{7}a\\u{a}ä\\xff", goodbye.Text);
    }

    [Fact]
    public void All_groups_and_extents_that_are_allowed_fit_a_packet()
    {
        Grant grant = new()
        {
            Kind = SourceKinds.Directory,
            Flags = GrantFlags.RoClone,
            Groups = [.. Enumerable.Range(0, Limits.Groups).Select(static i => (uint)i)],
            Extents = [.. Enumerable.Range(0, Limits.Extents).Select(static i => new IdExtent((uint)i, (uint)i, 1))],
            Reason = new string('r', Limits.TextBytes),
        };
        byte[] packet = grant.Encode();
        Assert.True(packet.Length <= Limits.PacketBytes);
        Assert.True(Grant.TryDecode(packet, out Grant again));
        Assert.Equal(grant.Groups, again.Groups);
        Assert.Equal(grant.Extents, again.Extents);
    }

    [Theory]
    [InlineData(SourceKinds.Directory, GrantFlags.RwClone | GrantFlags.RoClone | GrantFlags.UserNamespace, true)]
    [InlineData(SourceKinds.Directory, GrantFlags.RwClone | GrantFlags.RoClone, false)]
    [InlineData(SourceKinds.Directory, GrantFlags.RoClone | GrantFlags.UserNamespace, true)]
    [InlineData(SourceKinds.Directory, GrantFlags.File, false)]
    [InlineData(SourceKinds.Directory, GrantFlags.UserNamespace, false)]
    [InlineData(SourceKinds.RegularFile, GrantFlags.File, true)]
    [InlineData(SourceKinds.BlockDevice, GrantFlags.File | GrantFlags.RoClone, false)]
    [InlineData(SourceKinds.None, GrantFlags.File, false)]
    [InlineData(SourceKinds.Directory | SourceKinds.RegularFile, GrantFlags.RwClone, false)]
    public void A_grant_has_the_descriptors_of_its_kind(SourceKinds kind, GrantFlags flags, bool consistent) =>
        Assert.Equal(consistent, new Grant { Kind = kind, Flags = flags }.IsConsistent);

    [Fact]
    public void A_refusal_has_no_descriptors() =>
        Assert.False(new Grant { Error = Linux.Errno.EACCES, Kind = SourceKinds.Directory, Flags = GrantFlags.RwClone }.IsConsistent);

    [Fact]
    public void Descriptors_of_a_grant_are_found_in_the_order_of_their_bits()
    {
        GrantFlags flags = GrantFlags.RwClone | GrantFlags.File | GrantFlags.UserNamespace | GrantFlags.Idmapped;
        Assert.Equal(3, flags.DescriptorCount());
        Assert.Equal(0, flags.IndexOf(GrantFlags.RwClone));
        Assert.Equal(-1, flags.IndexOf(GrantFlags.RoClone));
        Assert.Equal(1, flags.IndexOf(GrantFlags.File));
        Assert.Equal(2, flags.IndexOf(GrantFlags.UserNamespace));
    }

    [Theory]
    [InlineData(1, 1, true)]
    [InlineData(0, 7, true)]
    [InlineData(2, 7, false)]
    [InlineData(0, 0, false)]
    [InlineData(7, 1, false)]
    public void A_version_range_must_contain_ours(ushort minimum, ushort maximum, bool included) =>
        Assert.Equal(included, ProtocolVersion.Includes(minimum, maximum, ProtocolVersion.Own));
}
