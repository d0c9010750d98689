using ServiceHost.Connection;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;
using ServiceHost.Stages;

namespace ServiceHost.Tests;

/// <summary>The handover between the stages, read as strictly as a packet.</summary>
public sealed class StageTwoStateTests
{
    [Fact]
    public void Comes_back_as_it_was_written()
    {
        using TrackedMemfd memfd = new(Sample.Encode());
        StageTwoState? state = StageTwoState.TryReceive(memfd.Fd);
        Assert.NotNull(state);
        Assert.Equal(Convert.ToHexString(Sample.Encode()), Convert.ToHexString(state.Encode()));
        Assert.Equal((4, 5), ((int)state.Socket, (int)state.Arguments));
        Assert.Equal([7, 8], state.Roles[0].Numbers.Select(static n => (int)n));
        Assert.Equal(1000u, state.Caller.Uid);
        Assert.Equal(0x4Bul, state.Roles[0].Grant.Capabilities);
    }

    [Fact]
    public void Must_be_sealed_in_full()
    {
        using TrackedMemfd memfd = new(Sample.Encode(), FileSeals.Shrink | FileSeals.Grow | FileSeals.Write);
        Assert.Null(StageTwoState.TryReceive(memfd.Fd));
    }

    [Fact]
    public void Is_not_looked_for_in_other_files()
    {
        Assert.True(Libc.Openat(Fd.Cwd, CString.FromTerminated("/dev/zero\0"u8), OpenFlags.ReadOnly, 0, out OwnedFd zero).IsOk);
        using (zero)
        {
            Assert.Null(StageTwoState.TryReceive(zero));
        }
    }

    [Fact]
    public void No_prefix_and_no_tail_is_accepted()
    {
        byte[] content = Sample.Encode();
        for (int length = 0; length < content.Length; length++)
        {
            Assert.False(StageTwoState.TryDecode(content.AsSpan(0, length), out _), $"{length} bytes were accepted");
        }

        Assert.False(StageTwoState.TryDecode([.. content, 0], out _));
    }

    [Fact]
    public void Another_version_is_another_program()
    {
        byte[] content = Sample.Encode();
        content[5]++;
        Assert.False(StageTwoState.TryDecode(content, out _));
    }

    [Fact]
    public void No_changed_byte_makes_it_throw()
    {
        byte[] content = Sample.Encode();
        for (int i = 0; i < content.Length; i++)
        {
            foreach (byte value in (byte[])[0, 1, 0x7F, 0x80, 0xFF])
            {
                byte[] changed = [.. content];
                changed[i] = value;
                if (StageTwoState.TryDecode(changed, out StageTwoState? state))
                {
                    Assert.NotNull(state);
                }
            }
        }
    }

    [Theory]
    [InlineData(4, 4)]
    [InlineData(4, 7)]
    [InlineData(0, 5)]
    [InlineData(3, 5)]
    [InlineData(4, 1024)]
    public void Each_number_has_one_owner_and_a_sane_value(ushort socket, ushort arguments) =>
        Assert.False(StageTwoState.TryDecode((Sample with { Socket = socket, Arguments = arguments }).Encode(), out _));

    [Fact]
    public void A_role_has_a_number_for_each_descriptor_it_inherits()
    {
        StageTwoRole role = Sample.Roles[0];
        Assert.False(StageTwoState.TryDecode((Sample with { Roles = [role with { Numbers = [7] }] }).Encode(), out _));
        Assert.False(StageTwoState.TryDecode((Sample with { Roles = [role with { Numbers = [7, 8, 9] }] }).Encode(), out _));
    }

    [Fact]
    public void The_namespace_is_joined_and_not_inherited() =>
        Assert.Equal(GrantFlags.RwClone | GrantFlags.RoClone, StageTwoRole.InheritedFlags(Sample.Roles[0].Grant));

    [Fact]
    public void The_title_cannot_drive_a_terminal()
    {
        ServiceArguments arguments = new()
        {
            Type = "t",
            Source = "/a\u001b]0;x\u0007"u8.ToArray(),
            Mountpoint = [(byte)'/', 0xFF],
            OptionText = string.Empty,
        };
        Assert.Equal("fuservice-t: /a\\u{1b}]0;x\\u{7} on /\\xff", ProcessTitle.Format("t", arguments));
    }

    private static StageTwoState Sample => new()
    {
        Dialect = Dialect.Own,
        Required = ContainmentLevel.Plain,
        RemainingMilliseconds = 29_000,
        CpuCount = 2,
        PossibleCpus = 64,
        Caller = new CallerIdentity(1000, 1001, [4, 5], ArgumentFlags.Suid),
        Socket = 4,
        Arguments = 5,
        Notify = 6,
        Turn = 10,
        Journal = 13,
        ProcSelfFd = 9,
        Threads = 11,
        MountTable = 12,
        MounterNamespaces = new NamespaceIds(1, 2, 3, 4, 5),
        Roles =
        [
            new StageTwoRole(
                "source",
                new Grant
                {
                    Kind = SourceKinds.Directory,
                    Flags = GrantFlags.RwClone | GrantFlags.RoClone | GrantFlags.UserNamespace | GrantFlags.Idmapped,
                    Capabilities = 0x4B,
                    Extents = [new IdExtent(0, 0x7000_0000, 65_536)],
                },
                [7, 8]),
        ],
    };
}
