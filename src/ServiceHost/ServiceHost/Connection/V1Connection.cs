using System.Text;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace ServiceHost.Connection;

/// <summary>
/// libfuse's protocol, version 1, towards its fuservicemount3 (or our own Mounter in that role). One device descriptor, no
/// namespace, paths instead of roles, and errno values instead of reasons: the helper prints its own.
/// </summary>
internal sealed class V1Connection(
    SeqpacketSocket socket, Deadline deadline, V1HelloFlags helloFlags = V1HelloFlags.None, ConversationPhase phase = ConversationPhase.Silent)
    : ServiceConnection(socket, deadline, phase)
{
    /// <summary>v1 has no time limits; this is ours.</summary>
    public static readonly TimeSpan ConversationTime = TimeSpan.FromSeconds(60);

    private const uint FuseMajor = 10;
    private const uint FuseMinor = 229;

    private V1HelloFlags _helloFlags = helloFlags;
    private int _files;

    public override Dialect Dialect => Dialect.V1;

    /// <summary>The device for <see cref="Mount"/>, which gives it away: from the greeting, or handed to stage 2.</summary>
    public OwnedFd? FuseDevice { get; set; }

    public V1HelloFlags HelloFlags => _helloFlags;

    protected override string PeerName => "the mount helper";

    // libfuse's helper says "fuseblk" to callers that are root, and to no other.
    private bool CallerIsRoot => _helloFlags.HasFlag(V1HelloFlags.Fuseblk);

    private bool MayAllowOther => _helloFlags.HasFlag(V1HelloFlags.AllowOther);

    public override ServiceGreeting Greet(Action<uint> takeJoinerUid)
    {
        ReceiveHello();
        Deadline = Deadline.In(ConversationTime);
        Advance(ConversationPhase.Silent, ConversationPhase.Roles);
        Send(new V1HelloReply(ProtocolVersion.V1).Encode());
        byte[][] words = ReceiveArguments();
        FuseDevice = ReceiveFuseDevice();
        ServiceArguments arguments = ServiceArguments.Parse(words);
        return new ServiceGreeting
        {
            Arguments = arguments,
            Caller = new CallerIdentity(
                ProcessIdentity.EffectiveUid, ProcessIdentity.EffectiveGid, [], V1MountWords.Sort(arguments.OptionText).Flags),
            CpuCount = Environment.ProcessorCount,
            PossibleCpus = Processors.Possible,
            ArgumentMemfd = SealCopy(words),
        };
    }

    public override string OptionsOf(ServiceArguments arguments) => V1MountWords.Sort(arguments.OptionText).ServiceOptions;

    public override GrantedDescriptors? RequestRole(ServiceRole role, ServiceArguments arguments, bool readOnly)
    {
        Advance(ConversationPhase.Roles, ConversationPhase.Roles);
        if (role.Name != RoleRequest.Source)
        {
            return role.Optional ? null : throw new ServiceException($"the {role.Name} cannot be had from libfuse's helper");
        }

        bool write = role.Access == SourceAccess.ReadWrite && !readOnly && role.Kinds != SourceKinds.Directory;
        OpenFlags flags = (write ? OpenFlags.ReadWrite : OpenFlags.ReadOnly)
            | (role.Kinds == SourceKinds.Directory ? OpenFlags.Directory : 0);
        Send(new V1OpenCommand(false, (uint)flags, 0, V1OpenFlags.None, 0, arguments.Source).Encode());
        Errno error = ReceiveFile(arguments.Source, out OwnedFd? fd);
        if (error.IsError)
        {
            return role.Optional
                ? null
                : throw new ServiceException($"{DisplayText.FromBytes(arguments.Source)}: {error}");
        }

        SourceKinds kind = KindOf(fd!);
        if ((kind & role.Kinds) == 0)
        {
            fd!.Dispose();
            throw new ServiceException($"{DisplayText.FromBytes(arguments.Source)} is of a kind that this service cannot use");
        }

        SourceAccess access = readOnly ? SourceAccess.Read : role.Access;
        return new GrantedDescriptors(role.Name, new Grant { Kind = kind, Access = access, Flags = GrantFlags.File }, [fd!]);
    }

    public override IReadOnlyList<OwnedFd> Mount(FuseMountPlan plan, ServiceArguments arguments)
    {
        Advance(ConversationPhase.Roles, ConversationPhase.Mounting);
        Errno errno = Socket.RefuseDescriptors();
        if (errno.IsError && errno != Errno.ENOPROTOOPT)
        {
            throw new ServiceException($"cannot refuse descriptors: {errno}");
        }

        V1MountWords words = V1MountWords.Sort(arguments.OptionText);
        bool allowOther = words.AllowOther ?? CallerIsRoot;
        if (allowOther && !MayAllowOther)
        {
            throw new ServiceException("allow_other is for root, or for everybody where /etc/fuse.conf has user_allow_other");
        }

        Ask(new V1FsopenCommand(plan.Fuseblk ? V1FsopenFlags.Fuseblk : 0).Encode(), "the filesystem type");
        byte[] source = words.FsName is null ? arguments.Source : Encoding.UTF8.GetBytes(words.FsName);
        Ask(new V1StringCommand(Tag.V1Source, source).Encode(), "the source's name");
        Ask(new V1MountpointCommand((ushort)plan.RootMode, arguments.Mountpoint).Encode(), "the mountpoint");
        string options = string.Join(',', words.KernelOptionsFor(allowOther, plan));
        if (options.Length > 0)
        {
            Ask(new V1StringCommand(Tag.V1Options, Encoding.ASCII.GetBytes(options)).Encode(), "the options " + options);
        }

        if (arguments.NoMtab)
        {
            Ask(new V1StringCommand(Tag.V1MtabOptions, "-n"u8.ToArray()).Encode(), "-n");
        }

        words.Restrict(plan);
        Ask(new V1MountCommand(words.MsFlags).Encode(), "the mount");
        Advance(ConversationPhase.Mounting, ConversationPhase.Mounted);
        OwnedFd device = FuseDevice ?? throw new InvalidOperationException("The device was not handed over.");
        FuseDevice = null;
        return [device];
    }

    public override void Dispose()
    {
        FuseDevice?.Dispose();
        base.Dispose();
    }

    public override string? Attach()
    {
        Advance(ConversationPhase.Mounted, ConversationPhase.Over);
        Send(new V1Goodbye(0).Encode());
        HasSaidGoodbye = true;
        return null;
    }

    public override void Attest(ContainmentLevel level, string text)
    {
        // v1 has no such message.
    }

    public override void Tell(NoteLevel level, string text)
    {
        // v1 has no such message.
    }

    // Never 2: it would make mount.fuse3 run the classic driver, without any of this.
    protected override void SendFailure(string reason) => _ = Socket.Send(new V1Goodbye(1).Encode(), [], Deadline);

    private void ReceiveHello()
    {
        using ReceivedPacket packet = Receive(Tag.V1Hello, 0);
        if (!V1Hello.TryDecode(packet.Bytes, out V1Hello hello))
        {
            throw Malformed(Tag.V1Hello);
        }

        if (!ProtocolVersion.Includes(hello.MinVersion, hello.MaxVersion, ProtocolVersion.V1))
        {
            throw new ServiceException($"the mount helper speaks versions {hello.MinVersion} to {hello.MaxVersion}, this service 1");
        }

        _helloFlags = hello.Flags;
    }

    private byte[][] ReceiveArguments()
    {
        Errno error = ReceiveFile(V1File.Argv, out OwnedFd? fd);
        using (fd)
        {
            if (error.IsError)
            {
                throw new ServiceException($"no arguments from {PeerName}: {error}");
            }

            ArgumentFault fault = ArgumentMemfd.TryRead(fd!, out byte[][] words);
            return fault == ArgumentFault.None
                ? words
                : throw new ServiceException($"bad arguments from {PeerName}: {fault}");
        }
    }

    private OwnedFd ReceiveFuseDevice()
    {
        Errno error = ReceiveFile(V1File.FuseDevice, out OwnedFd? fd);
        if (error.IsError)
        {
            throw new ServiceException($"no /dev/fuse from {PeerName}: {error}");
        }

        // Whoever may connect may also pass something else: only the real device is ever read.
        error = Libc.Statx(fd!, StatxMask.Type, out Statx stat);
        if (error.IsOk && stat.FileType == ModeBits.CharacterDevice && stat.RdevMajor == FuseMajor && stat.RdevMinor == FuseMinor)
        {
            return fd!;
        }

        fd!.Dispose();
        throw new ServiceException($"what {PeerName} calls fusedev is not /dev/fuse");
    }

    /// <summary>One FILE. Without an error there is exactly one descriptor, with one there is none.</summary>
    private Errno ReceiveFile(ReadOnlySpan<byte> path, out OwnedFd? fd)
    {
        fd = null;
        if (++_files > Limits.Files)
        {
            throw new ServiceException("too many files");
        }

        using ReceivedPacket packet = Receive(Tag.V1File, 1);
        bool ok = V1File.TryDecode(packet.Bytes, out V1File file)
            && file.Path.AsSpan().SequenceEqual(path)
            && packet.Fds.Count == (file.Error.IsError ? 0 : 1);
        if (!ok)
        {
            throw Malformed(Tag.V1File);
        }

        fd = file.Error.IsError ? null : packet.Fds.Take(0);
        return file.Error;
    }

    private void Ask(byte[] command, string what)
    {
        Send(command);
        using ReceivedPacket packet = Receive(Tag.V1Reply, 0);
        if (!V1Reply.TryDecode(packet.Bytes, out V1Reply reply))
        {
            throw Malformed(Tag.V1Reply);
        }

        if (reply.Error.IsError)
        {
            throw new ServiceException($"{PeerName} refuses {what}: {reply.Error}");
        }
    }

    private static SourceKinds KindOf(Fd fd)
    {
        Errno errno = Libc.Statx(fd, StatxMask.Type, out Statx stat);
        return errno.IsError ? SourceKinds.None
            : stat.IsDirectory ? SourceKinds.Directory
            : stat.IsRegular ? SourceKinds.RegularFile
            : stat.FileType == ModeBits.BlockDevice ? SourceKinds.BlockDevice
            : SourceKinds.None;
    }

    // Both sides of v1 can write the memfd that came: stage 2 gets a private copy that nobody can.
    private static OwnedFd SealCopy(byte[][] words)
    {
        Errno errno = ArgumentMemfd.Create(words, out OwnedFd sealedCopy, out _);
        return errno.IsOk ? sealedCopy : throw new ServiceException($"cannot keep the arguments: {errno}");
    }
}
