using ServiceHost.Connection;
using ServiceHost.Keeper;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace ServiceHost.Stages;

/// <summary>
/// Everything that stage 2 knows, as stage 1 wrote it into a sealed memfd; descriptors are named by their numbers. It is read as
/// strictly as a packet: stage 1 is the same program, but not a newer or older one that was installed in between, and not somebody
/// who started the program by hand.
/// </summary>
internal sealed record StageTwoState
{
    /// <summary>The descriptor that holds the state.</summary>
    public const int StateNumber = 3;

    /// <summary>Set to <see cref="StateNumber"/> in the environment of stage 2, which has no arguments: ps shows only the title.</summary>
    public const string EnvironmentName = "FUSERVICE_STAGE_TWO";

    // "STG2", then the version of the layout below.
    private const Tag Magic = (Tag)0x5354_4732;
    private const ushort Version = 5;
    private const int MaxBytes = (2 + Limits.Roles) * Limits.PacketBytes;
    private const ushort None = ushort.MaxValue;
    private const ushort HighestNumber = 1023;

    public required Dialect Dialect { get; init; }

    /// <summary>What --require said.</summary>
    public required ContainmentLevel Required { get; init; }

    public required uint RemainingMilliseconds { get; init; }

    public required uint CpuCount { get; init; }

    public uint PossibleCpus { get; init; }

    public required CallerIdentity Caller { get; init; }

    public V1HelloFlags HelloFlags { get; init; }

    public required ushort Socket { get; init; }

    public required ushort Arguments { get; init; }

    public ushort? Notify { get; init; }

    /// <summary>Under a service manager: closed by stage 1 when this process is the main one.</summary>
    public ushort? Turn { get; init; }

    /// <summary>Under a service manager: connected to the journal.</summary>
    public ushort? Journal { get; init; }

    /// <summary>/proc/self/fd.</summary>
    public required ushort ProcSelfFd { get; init; }

    /// <summary>/proc/self/task.</summary>
    public required ushort Threads { get; init; }

    /// <summary>/proc/self/mountinfo.</summary>
    public required ushort MountTable { get; init; }

    public NamespaceIds MounterNamespaces { get; init; }

    /// <summary>/dev/fuse on v1.</summary>
    public ushort? Device { get; init; }

    /// <summary>Standard input is the channel to a keeper, <see cref="KeeperChannel.Number"/>.</summary>
    public bool HasKeeper { get; init; }

    public required IReadOnlyList<StageTwoRole> Roles { get; init; }

    /// <summary>Every descriptor that stage 2 was given, but the state itself and the standard streams.</summary>
    public IEnumerable<int> Numbers
    {
        get
        {
            ushort?[] singles = [Socket, Arguments, Notify, Turn, Journal, ProcSelfFd, Threads, MountTable, Device];
            return singles.OfType<ushort>().Concat(Roles.SelectMany(static role => role.Numbers)).Select(static number => (int)number);
        }
    }

    public byte[] Encode()
    {
        PacketWriter writer = new(Magic);
        writer.U16(Version);
        writer.U16((ushort)Dialect);
        writer.U16((ushort)Required);
        writer.U32(RemainingMilliseconds);
        writer.U32(CpuCount);
        writer.U32(PossibleCpus);
        writer.U32((uint)HelloFlags);
        writer.U16(Socket);
        writer.U16(Arguments);
        writer.U16(Notify ?? None);
        writer.U16(Turn ?? None);
        writer.U16(Journal ?? None);
        writer.U16(ProcSelfFd);
        writer.U16(Threads);
        writer.U16(MountTable);
        foreach (uint id in (ReadOnlySpan<uint>)
            [MounterNamespaces.User, MounterNamespaces.Mount, MounterNamespaces.Network, MounterNamespaces.Ipc, MounterNamespaces.Uts])
        {
            writer.U32(id);
        }

        writer.U16(Device ?? None);
        writer.U16((ushort)(HasKeeper ? 1 : 0));
        writer.Count16(Roles.Count, Limits.Roles);
        writer.Nested(new CallerArguments(Caller.Uid, Caller.Gid, Caller.Flags, 0, Caller.Groups).Encode());
        foreach (StageTwoRole role in Roles)
        {
            writer.Name16(role.Name);
            writer.Nested(role.Grant.Encode());
            writer.Count16(role.Numbers.Count, Limits.GrantFds);
            foreach (ushort number in role.Numbers)
            {
                writer.U16(number);
            }
        }

        return writer.ToArray();
    }

    /// <summary>Reads the sealed memfd; null when it is not one, or not of this version.</summary>
    public static StageTwoState? TryReceive(Fd fd)
    {
        Errno errno = SealedMemfd.ReadAll(fd, MaxBytes, out FileSeals seals, out byte[] content);
        return errno.IsOk && seals.HasFlag(FileSeals.Immutable) && TryDecode(content, out StageTwoState? state) ? state : null;
    }

    internal static bool TryDecode(ReadOnlySpan<byte> content, out StageTwoState? state)
    {
        PacketReader reader = new(content, Magic);
        if (reader.U16() != Version)
        {
            reader.Fail();
        }

        Dialect dialect = (Dialect)reader.Count16((int)Dialect.V1);
        ContainmentLevel required = (ContainmentLevel)reader.Count16((int)ContainmentLevel.Full);
        uint remaining = reader.U32();
        uint cpus = reader.U32();
        uint possible = reader.U32();
        V1HelloFlags hello = (V1HelloFlags)reader.Flags32((uint)V1HelloFlags.All);
        ushort socket = reader.U16();
        ushort arguments = reader.U16();
        ushort? notify = ReadOptional(ref reader);
        ushort? turn = ReadOptional(ref reader);
        ushort? journal = ReadOptional(ref reader);
        ushort procSelfFd = reader.U16();
        ushort threads = reader.U16();
        ushort mountTable = reader.U16();
        NamespaceIds namespaces = new(reader.U32(), reader.U32(), reader.U32(), reader.U32(), reader.U32());
        ushort? device = ReadOptional(ref reader);
        bool hasKeeper = reader.Count16(1) == 1;
        int roleCount = reader.Count16(Limits.Roles);
        if (!CallerArguments.TryDecode(reader.Nested(), out CallerArguments caller))
        {
            reader.Fail();
        }

        state = new StageTwoState
        {
            Dialect = dialect,
            Required = required,
            RemainingMilliseconds = remaining,
            CpuCount = cpus,
            PossibleCpus = possible,
            HelloFlags = hello,
            Socket = socket,
            Arguments = arguments,
            Notify = notify,
            Turn = turn,
            Journal = journal,
            ProcSelfFd = procSelfFd,
            Threads = threads,
            MountTable = mountTable,
            MounterNamespaces = namespaces,
            Device = device,
            HasKeeper = hasKeeper,
            Caller = new CallerIdentity(caller.CallerUid, caller.CallerGid, caller.Groups, caller.Flags),
            Roles = ReadRoles(ref reader, roleCount),
        };
        return reader.IsComplete && state.HasDistinctNumbers();
    }

    private static ushort? ReadOptional(ref PacketReader reader)
    {
        ushort number = reader.U16();
        return number == None ? null : number;
    }

    private static StageTwoRole[] ReadRoles(ref PacketReader reader, int count)
    {
        StageTwoRole[] roles = new StageTwoRole[count];
        for (int i = 0; i < count; i++)
        {
            string name = reader.Name16();
            if (!Grant.TryDecode(reader.Nested(), out Grant grant))
            {
                reader.Fail();
            }

            ushort[] numbers = new ushort[reader.Count16(Limits.GrantFds)];
            foreach (ref ushort number in numbers.AsSpan())
            {
                number = reader.U16();
            }

            roles[i] = new StageTwoRole(name, grant, numbers);
            if (numbers.Length != StageTwoRole.InheritedFlags(grant).DescriptorCount())
            {
                reader.Fail();
            }
        }

        return roles;
    }

    /// <summary>Each number gets one owner; a repeated one would be closed twice.</summary>
    private bool HasDistinctNumbers()
    {
        HashSet<int> seen = [0, 1, 2, StateNumber];
        return Numbers.All(number => number <= HighestNumber && seen.Add(number));
    }
}
