using System.Buffers.Binary;

namespace ServiceHost.Fuse.Tests.Wire;

/// <summary>
/// Packets that the kernel does not send, made from the opcode table: whatever is wrong with the shape, no operation runs, the error is the right
/// one, and requests that take no reply get none.
/// </summary>
public sealed class MalformedRequestTests
{
    private const int EINVAL = 22;
    private const int ERANGE = 34;
    private const int ENAMETOOLONG = 36;
    private readonly EchoFileSystem _fileSystem = new();
    private readonly DispatcherHarness _harness;
    private long _malformed;

    public MalformedRequestTests() => _harness = new DispatcherHarness(_fileSystem, new FuseInitOptions
    {
        MaxTransfer = 131072,
        Wanted = FuseInitOptions.DefaultFlags | FuseInitFlags.SetxattrExt | FuseInitFlags.SecurityCtx | FuseInitFlags.CreateSuppGroup,
    });

    public static TheoryData<string> Opcodes => [.. OpcodeInfo.All.Where(info => info.Opcode != FuseOpcode.Init).Select(info => info.Name)];

    public static TheoryData<string> OpcodesWithNames =>
        [.. OpcodeInfo.All.Where(info => info.FirstName is not (NameRule.None or NameRule.Placeholder)).Select(info => info.Name)];

    public static TheoryData<string> OpcodesWithExtensions => [.. OpcodeInfo.All.Where(info => info.TakesExtensions).Select(info => info.Name)];

    [Theory]
    [MemberData(nameof(Opcodes))]
    public void Every_body_that_is_too_short_is_refused(string name)
    {
        OpcodeInfo info = Info(name);
        byte[] body = ValidBody(info);
        for (int length = 0; length < body.Length; length++)
        {
            Refuse(info, Packet.Request(info.Opcode, body.AsSpan(0, length)), EINVAL);
        }

        Accept(info, Packet.Request(info.Opcode, body));
    }

    [Theory]
    [MemberData(nameof(Opcodes))]
    public void Bytes_behind_the_end_are_refused(string name)
    {
        OpcodeInfo info = Info(name);
        for (int extra = 1; extra <= 9; extra++)
        {
            Refuse(info, Packet.Request(info.Opcode, [.. ValidBody(info), .. new byte[extra]]), EINVAL);
        }
    }

    [Theory]
    [MemberData(nameof(Opcodes))]
    public void A_len_that_is_not_the_packets_length_is_refused(string name)
    {
        OpcodeInfo info = Info(name);
        byte[] packet = Packet.Request(info.Opcode, ValidBody(info));
        foreach (uint lie in new[] { 0u, 39u, (uint)packet.Length - 1, (uint)packet.Length + 1, 0x8000_0000u, uint.MaxValue })
        {
            BinaryPrimitives.WriteUInt32LittleEndian(packet, lie);
            Refuse(info, packet, EINVAL);
        }
    }

    [Fact]
    public void A_packet_without_a_whole_header_is_dropped()
    {
        byte[] packet = Packet.Request(FuseOpcode.Destroy, []);
        for (int length = 0; length < packet.Length; length++)
        {
            Assert.Empty(_harness.Send(packet.AsSpan(0, length)));
        }

        Assert.Equal(packet.Length, _harness.Dispatcher.Statistics.Malformed);
    }

    [Theory]
    [MemberData(nameof(OpcodesWithNames))]
    public void Names_that_are_none_are_refused(string name)
    {
        OpcodeInfo info = Info(name);
        bool isXattr = info.FirstName == NameRule.Xattr;
        Refuse(info, Packet.Request(info.Opcode, Body(info, "")), EINVAL);
        Refuse(info, Packet.Request(info.Opcode, Body(info, new string('n', 5000))), isXattr ? ERANGE : ENAMETOOLONG);
        Refuse(info, Packet.Request(info.Opcode, Body(info, new string('n', isXattr ? 256 : 4096))), isXattr ? ERANGE : ENAMETOOLONG);
        Accept(info, Packet.Request(info.Opcode, Body(info, new string('n', isXattr ? 255 : 4095))));
        if (!isXattr)
        {
            foreach (string bad in new[] { ".", "..", "a/b", "/", "a/" })
            {
                Refuse(info, Packet.Request(info.Opcode, Body(info, bad)), EINVAL);
            }
        }
    }

    [Theory]
    [InlineData("RENAME")]
    [InlineData("RENAME2")]
    [InlineData("SYMLINK")]
    public void The_second_name_is_checked_like_the_first(string name)
    {
        OpcodeInfo info = Info(name);
        Refuse(info, Packet.Request(info.Opcode, Body(info, "a", second: "")), EINVAL);
        Refuse(info, Packet.Request(info.Opcode, Body(info, "a", second: new string('n', 4096))), ENAMETOOLONG);
        bool isTarget = info.SecondName == NameRule.Target;
        byte[] withSlash = Packet.Request(info.Opcode, Body(info, "a", second: "../b"));
        if (isTarget)
        {
            Accept(info, withSlash);
        }
        else
        {
            Refuse(info, withSlash, EINVAL);
        }
    }

    [Theory]
    [MemberData(nameof(Opcodes))]
    public void Extensions_on_what_takes_none_are_refused(string name)
    {
        OpcodeInfo info = Info(name);
        if (!info.TakesExtensions)
        {
            Refuse(info, Packet.Request(info.Opcode, [.. ValidBody(info), .. new byte[16]], extensionSize: 16), EINVAL);
        }
    }

    [Theory]
    [MemberData(nameof(OpcodesWithExtensions))]
    public void Lies_in_the_extension_area_are_refused(string name)
    {
        OpcodeInfo info = Info(name);
        byte[] good = ExtensionArea();
        Accept(info, Packet.Request(info.Opcode, [.. ValidBody(info), .. good], good.Length));
        Refuse(info, Packet.Request(info.Opcode, [.. ValidBody(info), .. good], extensionSize: 0), EINVAL);
        Refuse(info, Packet.Request(info.Opcode, ValidBody(info), extensionSize: 0xFFFF * 8), EINVAL);

        // size of the first record, number of its contexts, size of the label, size of the second record, number of groups
        foreach ((int offset, uint[] lies) in new (int, uint[])[]
        {
            (0, [0, 7, 33, 200, 0x7FFF_FFFF, 0xFFFF_FFFF]),
            (4, [2, 31]),
            (8, [11, 100, 0x7FFF_FFFF, 0xFFFF_FFFF]),
            (32, [0, 4, 11, 17, 0xFFFF_FFF9]),
            (40, [2, 0x4000_0000, 0x8000_0001, 0xFFFF_FFFF]),
        })
        {
            foreach (uint lie in lies)
            {
                byte[] bad = [.. good];
                BinaryPrimitives.WriteUInt32LittleEndian(bad.AsSpan(offset), lie);
                Refuse(info, Packet.Request(info.Opcode, [.. ValidBody(info), .. bad], bad.Length), EINVAL);
            }
        }
    }

    [Fact]
    public void Label_names_without_NUL_or_without_letters_are_refused()
    {
        OpcodeInfo info = Info("MKDIR");
        byte[] unterminated = ExtensionArea();
        unterminated.AsSpan(16, 16).Fill((byte)'x');
        Refuse(info, Packet.Request(info.Opcode, [.. ValidBody(info), .. unterminated], unterminated.Length), EINVAL);
        byte[] empty = ExtensionArea();
        empty[16] = 0;
        Refuse(info, Packet.Request(info.Opcode, [.. ValidBody(info), .. empty], empty.Length), EINVAL);
    }

    [Fact]
    public void An_extension_record_of_the_future_is_skipped()
    {
        OpcodeInfo info = Info("MKDIR");
        byte[] area = [16, 0, 0, 0, 77, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, .. ExtensionArea()];
        Accept(info, Packet.Request(info.Opcode, [.. ValidBody(info), .. area], area.Length));
        Assert.EndsWith("group=42 sec.a=lbl", _fileSystem.Calls[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("READ", 16)]
    [InlineData("READDIR", 16)]
    [InlineData("READDIRPLUS", 16)]
    [InlineData("GETXATTR", 0)]
    [InlineData("LISTXATTR", 0)]
    [InlineData("IOCTL", 28)]
    public void A_reply_that_cannot_fit_is_refused_before_the_operation_runs(string name, int sizeOffset)
    {
        OpcodeInfo info = Info(name);
        foreach (uint size in new[] { (uint)_harness.Dispatcher.ReplyBufferSize, 0x7FFF_FFFFu, 0x8000_0000u, uint.MaxValue })
        {
            byte[] body = ValidBody(info);
            BinaryPrimitives.WriteUInt32LittleEndian(body.AsSpan(sizeOffset), size);
            Refuse(info, Packet.Request(info.Opcode, body), EINVAL);
        }
    }

    [Theory]
    [InlineData("WRITE", 16)]
    [InlineData("SETXATTR", 0)]
    [InlineData("IOCTL", 24)]
    [InlineData("NOTIFY_REPLY", 16)]
    [InlineData("BATCH_FORGET", 0)]
    [InlineData("REMOVEMAPPING", 0)]
    public void A_count_that_is_not_what_follows_is_refused(string name, int countOffset)
    {
        OpcodeInfo info = Info(name);
        foreach (uint count in new[] { 2u, 3u, 0x1000_0001u, 0x8000_0000u, uint.MaxValue })
        {
            byte[] body = ValidBody(info);
            BinaryPrimitives.WriteUInt32LittleEndian(body.AsSpan(countOffset), count);
            Refuse(info, Packet.Request(info.Opcode, body), EINVAL);
        }
    }

    [Fact]
    public void Everything_before_INIT_and_a_second_INIT_fail()
    {
        DispatcherHarness early = new(_fileSystem, kernelFlags: null);
        foreach (OpcodeInfo info in OpcodeInfo.All.Where(info => info.Opcode != FuseOpcode.Init))
        {
            byte[] reply = early.Send(Packet.Request(info.Opcode, ValidBody(info)));
            Assert.Equal(info.IsAnswered ? 16 : 0, reply.Length);
        }

        Assert.Equal(5, _harness.SendForError(Packet.Init(0)));
        Assert.Empty(_fileSystem.Calls);
    }

    /// <summary>A request that every check lets pass, with one byte of data where data is allowed.</summary>
    internal static byte[] ValidBody(OpcodeInfo info) => Body(info, "n");

    internal static OpcodeInfo Info(string name) => OpcodeInfo.All.Single(info => info.Name == name);

    private static byte[] Body(OpcodeInfo info, string first, string second = "m")
    {
        byte[] fixedPart = new byte[info.FixedSize];
        byte[] data = [];
        if (info.HasData)
        {
            int countOffset = info.Opcode switch
            {
                FuseOpcode.Write or FuseOpcode.NotifyReply => 16,
                FuseOpcode.Ioctl => 24,
                _ => 0,
            };
            fixedPart[countOffset] = 1;
            data = info.Opcode is FuseOpcode.BatchForget or FuseOpcode.Removemapping ? new byte[16] : [1];
        }
        else if (info.Opcode is FuseOpcode.Read or FuseOpcode.Readdir or FuseOpcode.Readdirplus)
        {
            fixedPart[16] = info.Opcode == FuseOpcode.Readdirplus ? (byte)168 : (byte)40;
        }

        if (info.Opcode == FuseOpcode.Ioctl)
        {
            fixedPart[28] = 4; // room for what the filesystem answers
        }

        byte[] firstName = info.FirstName == NameRule.None ? [] : [.. first.Select(letter => (byte)letter), 0];
        byte[] secondName = info.SecondName == NameRule.None ? [] : [.. second.Select(letter => (byte)letter), 0];
        return [.. fixedPart, .. firstName, .. secondName, .. data];
    }

    // One security context "sec.a" = "lbl" in a record of 32 bytes, and one group in a record of 16.
    private static byte[] ExtensionArea() =>
    [
        32, 0, 0, 0, 1, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, .. "sec.a\0lbl"u8, 0, 0, 0, 0, 0, 0, 0,
        16, 0, 0, 0, 32, 0, 0, 0, 1, 0, 0, 0, 42, 0, 0, 0,
    ];

    private void Refuse(OpcodeInfo info, byte[] packet, int errno)
    {
        int calls = _fileSystem.Calls.Count;
        if (info.IsAnswered)
        {
            Assert.Equal(errno, _harness.SendForError(packet));
        }
        else
        {
            Assert.Empty(_harness.Send(packet));
        }

        Assert.Equal(calls, _fileSystem.Calls.Count);
        Assert.Equal(++_malformed, _harness.Dispatcher.Statistics.Malformed);
        Assert.Equal(0, _harness.Dispatcher.Statistics.Faults);
    }

    private void Accept(OpcodeInfo info, byte[] packet)
    {
        byte[] reply = _harness.Send(packet);
        Assert.Equal(info.IsAnswered, reply.Length != 0);
        Assert.True(!info.IsAnswered || BinaryPrimitives.ReadInt32LittleEndian(reply.AsSpan(4)) == 0);
        Assert.Equal(_malformed, _harness.Dispatcher.Statistics.Malformed);
        Assert.Equal(0, _harness.Dispatcher.Statistics.Faults);
    }
}
