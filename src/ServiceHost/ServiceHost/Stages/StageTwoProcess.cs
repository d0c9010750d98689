using System.Globalization;
using ServiceHost.Connection;
using ServiceHost.Diagnostics;
using ServiceHost.Fuse;
using ServiceHost.Keeper;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;
using ServiceHost.Sandbox;

namespace ServiceHost.Stages;

/// <summary>
/// Stage 2: the program once more, in the namespace of the grant and without rights outside it. It reads what it was granted, has
/// the superblock made, serves, and ends with the mount.
/// </summary>
internal sealed class StageTwoProcess(FuseService service, ServiceLog log)
{
    /// <summary>Whether stage 1 started this process.</summary>
    public static bool IsThisProcess =>
        Environment.GetEnvironmentVariable(StageTwoState.EnvironmentName)
        == StageTwoState.StateNumber.ToString(CultureInfo.InvariantCulture);

    public int Run()
    {
        Errno errno = StageTwoSandbox.HideMemory();
        if (errno.IsError)
        {
            throw new ServiceException($"cannot become undumpable: {errno}");
        }

        StageTwoState state = ReceiveState();
        using SystemdNotify notify = SystemdNotify.FromInherited(
            Adopt(state.Notify), Adopt(state.Turn), Deadline.In(TimeSpan.FromMilliseconds(state.RemainingMilliseconds)));
        using ServiceConnection connection = Connect(state);
        try
        {
            return Serve(state, connection, notify);
        }
        catch (ServiceException refusal)
        {
            connection.Fail(refusal.Message);
            throw;
        }
        catch (Exception)
        {
            connection.Fail("internal error of the service, its log has more");
            throw;
        }
    }

    private int Serve(StageTwoState state, ServiceConnection connection, SystemdNotify notify)
    {
        ServiceArguments arguments = ReadArguments(state);
        if (Adopt(state.Journal) is { } journal)
        {
            log.Identify(journal, arguments);
        }

        ServiceContext context = MakeContext(state, arguments, connection);

        // Up to here nothing of what was granted has been read; from here on nothing can be trusted that this process says.
        FuseRingSet? rings = ServiceRings.MakeFor(context);
        Contain(state, context, connection, rings);
        FuseMountPlan plan = service.CreateMount(context);
        ServiceRings.ThrowIfUnsuited(rings, plan);
        using KeeperBackingFiles? keeper = state.HasKeeper ? new(OwnedFd.Take(KeeperChannel.Number), log.Warning) : null;
        using MountedService mounted = new(plan, connection.Mount(plan, arguments), context, rings, keeper);
        mounted.Start();
        if (!mounted.WaitInitialized(connection.Deadline, out string reason))
        {
            throw new ServiceException($"the filesystem did not start: {reason}");
        }

        string way = mounted.IsOverIoUring ? "over io_uring" : "by /dev/fuse";
        connection.Tell(NoteLevel.Verbose, $"{ProcessTitle.ProgramName(service.Type)} {service.Version}, {plan.Workers} workers, {way}");

        string name = $"{context.SourceName} on {context.MountpointName}";
        bool attached = Attach(connection, name);
        connection.Dispose();
        if (attached)
        {
            notify.Ready($"serving {name}");
        }

        FuseSessionEnd end = mounted.WaitForEnd();
        notify.Stopping($"no longer serving {name}");
        return attached ? Report(end, name) : 1;
    }

    /// <summary>
    /// Takes the last rights away and looks whether all of it holds. The conversation, the log and the device are open already, and
    /// threads made from here on inherit the filter.
    /// </summary>
    private void Contain(StageTwoState state, ServiceContext context, ServiceConnection connection, FuseRingSet? rings)
    {
        using AttestationFiles files = new(context.ProcSelfFd!, OwnedFd.Take(state.Threads), OwnedFd.Take(state.MountTable));
        Attestation attestation = new(ExpectationOf(state, rings), files);
        attestation.LookBeforeTheFilter();
        Errno errno = rings is null ? Errno.None : StageTwoSandbox.LockSockets(state.Numbers);
        if (errno.IsError)
        {
            throw new ServiceException($"cannot close a socket to packet filters: {errno}");
        }

        IEnumerable<SystemCallRule> toKeeper = state.HasKeeper ? KeeperChannel.SystemCalls : [];
        IEnumerable<SystemCallRule> calls = service.GetSystemCalls(context).Concat(toKeeper);
        errno = StageTwoSandbox.Close(StageTwoSandbox.PolicyFor(calls, hasRings: rings is not null));
        if (errno.IsError)
        {
            throw new ServiceException($"cannot load the system call filter: {errno}");
        }

        attestation.LookBehindTheFilter();
        if (attestation.ExplainRefusal(state.Required) is { } refusal)
        {
            throw new ServiceException(refusal);
        }

        bool cannotSetIds = JoinedOf(state) is not null && context.AllowSuid && !context.ReadOnly && ContainmentProbe.MakeSetUserId() == Errno.EPERM;
        RefusedCalls.Reset();
        connection.Attest(attestation.Level, string.Join(", ", attestation.Broken));
        if (cannotSetIds)
        {
            // The unit is stricter than what was asked for. That is no reason to refuse, but one to say it.
            connection.Tell(NoteLevel.Warning, $"set-ID files are honoured, not made: the unit has RestrictSUIDSGID=yes, see {ProcessTitle.ProgramName(service.Type)}(8)");
        }
    }

    private static AttestationExpectation ExpectationOf(StageTwoState state, FuseRingSet? rings)
    {
        Grant? joined = JoinedOf(state);
        return new AttestationExpectation
        {
            Identity = joined is null ? null : new StageTwoIdentity(joined.Uid, joined.Gid, joined.Groups),
            Capabilities = new CapabilitySet(joined?.Capabilities ?? 0),
            Mounter = state.MounterNamespaces,
            Descriptors = [.. state.Numbers, .. rings?.Rings.Select(static ring => ring.Number) ?? []],
            Rings = rings?.Rings ?? [],
        };
    }

    private static Grant? JoinedOf(StageTwoState state) =>
        state.Roles.Select(static role => role.Grant).FirstOrDefault(static grant => grant.Flags.HasFlag(GrantFlags.UserNamespace));

    /// <summary>
    /// False when the Mounter says that it could not attach the mount; the device then ends with ENODEV. When its last word is lost
    /// or bad only the device knows: a mount that never became visible ends the same way, one that did has users. But
    /// nothing was attached when not even our own goodbye could be sent.
    /// </summary>
    private bool Attach(ServiceConnection connection, string name)
    {
        try
        {
            string? failure = connection.Attach();
            if (failure is not null)
            {
                log.Error($"{name} was not attached: {failure}");
            }

            return failure is null;
        }
        catch (ServiceException lost)
        {
            log.Warning($"{name}: {lost.Message}");
            return connection.HasSaidGoodbye;
        }
    }

    private int Report(FuseSessionEnd end, string name)
    {
        if (RefusedCalls.Count > 0)
        {
            log.Info($"{name}: {RefusedCalls.Count} system calls were refused with EPERM, by the filter or by the filesystem below");
        }

        if (end.IsClean)
        {
            log.Info($"{name}: {end.Detail}");
            return 0;
        }

        log.Error($"{name}: {end.Detail}");
        return 1;
    }

    private static OwnedFd? Adopt(ushort? number) => number is { } present ? OwnedFd.Take(present) : null;

    private static StageTwoState ReceiveState()
    {
        using OwnedFd fd = OwnedFd.Take(StageTwoState.StateNumber);
        return StageTwoState.TryReceive(fd)
            ?? throw new ServiceException($"{StageTwoState.EnvironmentName} is set, but descriptor 3 is no state of this program");
    }

    private static ServiceArguments ReadArguments(StageTwoState state)
    {
        using OwnedFd memfd = OwnedFd.Take(state.Arguments);
        Errno errno = Libc.GetSeals(memfd, out FileSeals seals);
        return errno.IsOk
            && seals.HasFlag(FileSeals.Immutable)
            && ArgumentMemfd.TryRead(memfd, out byte[][] words) == ArgumentFault.None
                ? ServiceArguments.Parse(words)
                : throw new ServiceException("the arguments that stage 1 handed over are not sealed");
    }

    private static ServiceConnection Connect(StageTwoState state)
    {
        Errno errno = SeqpacketSocket.Adopt(OwnedFd.Take(state.Socket), SeqpacketOptions.None, out SeqpacketSocket? socket);
        if (errno.IsError)
        {
            throw new ServiceException($"the connection was lost between the stages: {errno}");
        }

        Deadline deadline = Deadline.In(TimeSpan.FromMilliseconds(state.RemainingMilliseconds));
        return state.Dialect == Dialect.Own
            ? new OwnConnection(socket!, deadline, ConversationPhase.Roles)
            : new V1Connection(socket!, deadline, state.HelloFlags, ConversationPhase.Roles)
            {
                FuseDevice = OwnedFd.Take(state.Device ?? throw new ServiceException("stage 1 handed over no device")),
            };
    }

    private ServiceContext MakeContext(StageTwoState state, ServiceArguments arguments, ServiceConnection connection)
    {
        Grant? joined = JoinedOf(state);
        return new ServiceContext
        {
            Mode = state.Dialect == Dialect.Own ? ServiceMode.Contained : ServiceMode.V1,
            SourceName = DisplayText.FromBytes(arguments.Source),
            MountpointName = DisplayText.FromBytes(arguments.Mountpoint),
            Options = service.AllOptions.Parse(
                connection.OptionsOf(arguments), state.Caller.Flags.HasFlag(ArgumentFlags.Sloppy) ? static _ => { } : null),
            Roles = [.. state.Roles.Select(static role => role.Adopt())],
            ReadOnly = state.Caller.Flags.HasFlag(ArgumentFlags.ReadOnly),
            AllowSuid = state.Caller.Flags.HasFlag(ArgumentFlags.Suid),
            AllowDev = state.Caller.Flags.HasFlag(ArgumentFlags.Dev),
            CallerUid = state.Caller.Uid,
            CallerGid = state.Caller.Gid,
            CallerGroups = state.Caller.Groups,
            Uid = joined?.Uid ?? ProcessIdentity.EffectiveUid,
            Gid = joined?.Gid ?? ProcessIdentity.EffectiveGid,
            Capabilities = joined?.Capabilities ?? 0,
            IdMap = joined?.Extents ?? [],
            CpuCount = (int)state.CpuCount,
            PossibleCpus = (int)state.PossibleCpus,
            ProcSelfFd = OwnedFd.Take(state.ProcSelfFd),
            Log = log,
        };
    }
}
