using System.Globalization;
using ServiceHost.Connection;
using ServiceHost.Diagnostics;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;
using ServiceHost.Options;
using ServiceHost.Sandbox;

namespace ServiceHost.Stages;

/// <summary>
/// Stage 1: greets the Mounter, checks type and options, asks for the roles, and hands everything to stage 2. It holds descriptors
/// and reads no byte of what they lead to. It must not start a thread: it is going to fork.
/// </summary>
internal sealed class StageOneProcess(FuseService service, ServiceLog log, ServiceConnection connection, ServiceAddress address, ContainmentLevel required)
{
    /// <summary>A peer that connects and says nothing holds this process for so long.</summary>
    public static readonly TimeSpan HelloTime = TimeSpan.FromSeconds(30);

    private const uint Nobody = 65534;

    private static ReadOnlySpan<byte> Executable => "/proc/self/exe\0"u8;

    /// <summary>Returns the exit code of this process.</summary>
    public int Run()
    {
        ForkedChild stageTwo;
        using SystemdNotify notify = SystemdNotify.FromEnvironment();

        // Stays open to the end: the last word of this process may be about the mount.
        OwnedFd? journal = log.LeadsToJournal ? MountJournal.Connect() : null;
        using (connection)
        {
            try
            {
                stageTwo = Converse(notify, journal);
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

        return HandOver(stageTwo, notify);
    }

    private ForkedChild Converse(SystemdNotify notify, OwnedFd? journal)
    {
        using OwnedFd executable = OpenExecutable();
        ServiceGreeting greeting = connection.Greet(TakeJoinerUid);
        if (journal is not null)
        {
            log.Identify(journal, greeting.Arguments);
        }

        List<GrantedDescriptors> roles = [];
        try
        {
            RequestRoles(greeting, roles);
            return Launch(executable, greeting, roles, notify, journal);
        }
        finally
        {
            greeting.ArgumentMemfd.Dispose();
            roles.ForEach(static role => role.Dispose());
        }
    }

    private void RequestRoles(ServiceGreeting greeting, List<GrantedDescriptors> roles)
    {
        string type = greeting.Arguments.Type;
        if (type != address.Type || (type != service.Type && !service.Aliases.Contains(type)))
        {
            throw new ServiceException($"this service is '{service.Type}', not '{type}'");
        }

        bool sloppy = greeting.Caller.Flags.HasFlag(ArgumentFlags.Sloppy);
        MountOptions options = service.AllOptions.Parse(
            connection.OptionsOf(greeting.Arguments),
            sloppy ? name => connection.Tell(NoteLevel.Verbose, $"the option '{name}' is not known and passed over") : null);
        bool readOnly = greeting.Caller.Flags.HasFlag(ArgumentFlags.ReadOnly);
        foreach (ServiceRole role in service.GetRoles(options))
        {
            if (connection.RequestRole(role, greeting.Arguments, readOnly) is { } granted)
            {
                roles.Add(granted);
            }
        }
    }

    private ForkedChild Launch(OwnedFd executable, ServiceGreeting greeting, List<GrantedDescriptors> roles, SystemdNotify notify, OwnedFd? journal)
    {
        StageTwoHandover handover = new(connection, greeting, roles, notify, journal, required);
        Errno errno = SealedMemfd.Create(CString.FromTerminated("fuservice-state\0"u8), handover.State.Encode(), out OwnedFd state);
        using (state)
        {
            if (errno.IsError)
            {
                throw new ServiceException($"cannot keep the state for stage 2: {errno}");
            }

            errno = StageOneRuleset.Make(executable, roles, out LandlockRuleset? ruleset);
            using (ruleset)
            {
                if (errno.IsError)
                {
                    throw new ServiceException($"cannot make the Landlock rules of stage 2: {errno}");
                }

                StageOnePlan plan = MakePlan(executable, state, handover, greeting, roles, ruleset, notify.IsConnected);
                ChildFailure? failure = StageOne.Launch(plan, out ForkedChild? child);
                return failure is null ? child! : throw new ServiceException($"cannot start stage 2: {failure}");
            }
        }
    }

    private StageOnePlan MakePlan(
        OwnedFd executable,
        OwnedFd state,
        StageTwoHandover handover,
        ServiceGreeting greeting,
        List<GrantedDescriptors> roles,
        LandlockRuleset? ruleset,
        bool underServiceManager)
    {
        GrantedDescriptors? joined = roles.Find(static role => role.Grant.Flags.HasFlag(GrantFlags.UserNamespace));
        return new StageOnePlan
        {
            Executable = executable,
            Arguments = [ProcessTitle.Format(service.Type, greeting.Arguments)],
            Environment = EnvironmentOfStageTwo(),
            Inherit = [new InheritedFd(state, StageTwoState.StateNumber), .. handover.Inherit],
            ProcessFiles =
            [
                new OwnProcessFile(AttestationFiles.DescriptorsPath, OpenFlags.Directory, handover.State.ProcSelfFd),
                new OwnProcessFile(AttestationFiles.ThreadsPath, OpenFlags.Directory, handover.State.Threads),
                new OwnProcessFile(AttestationFiles.MountsPath, OpenFlags.ReadOnly, handover.State.MountTable),
            ],
            Landlock = ruleset,
            UserNamespace = joined?.Find(GrantFlags.UserNamespace),
            Identity = IdentityOfStageTwo(joined?.Grant),
            Capabilities = new CapabilitySet(joined?.Grant.Capabilities ?? 0),
            Limits = StageOneLimits.Make(hasUidOfItsOwn: joined is not null),
            DieWithParent = !underServiceManager,
            Deadline = connection.Deadline,
        };
    }

    private static StageTwoIdentity? IdentityOfStageTwo(Grant? joined) =>
        joined is not null ? new StageTwoIdentity(joined.Uid, joined.Gid, joined.Groups)
        : ProcessIdentity.EffectiveUid == 0 ? new StageTwoIdentity(Nobody, Nobody, [])
        : null;

    private static List<string> EnvironmentOfStageTwo()
    {
        List<string> environment =
            [string.Create(CultureInfo.InvariantCulture, $"{StageTwoState.EnvironmentName}={StageTwoState.StateNumber}")];
        if (Environment.GetEnvironmentVariable(ServiceLog.JournalVariable) is { } journal)
        {
            environment.Add($"{ServiceLog.JournalVariable}={journal}");
        }

        return environment;
    }

    private static OwnedFd OpenExecutable()
    {
        Errno errno = Libc.Openat(Fd.Cwd, CString.FromTerminated(Executable), OpenFlags.Path, 0, out OwnedFd executable);
        return errno.IsOk ? executable : throw new ServiceException($"cannot open /proc/self/exe: {errno}");
    }

    /// <summary>A stage 1 under a uid of its own keeps it; the Mounter learns it from the credentials of the next packet.</summary>
    private static void TakeJoinerUid(uint joiner)
    {
        bool isRoot = ProcessIdentity.EffectiveUid == 0;
        if (isRoot && joiner is 0 or uint.MaxValue)
        {
            throw new ServiceException($"the mounter assigns uid {joiner}, which no service may have");
        }

        Errno errno = StageOne.TakeJoinerUid(isRoot ? joiner : ProcessIdentity.EffectiveUid);
        if (errno.IsError)
        {
            throw new ServiceException($"cannot take uid {joiner}: {errno}");
        }
    }

    /// <summary>Everything of this mount is closed by now; what is left of stage 1 has no right and no descriptor.</summary>
    private int HandOver(ForkedChild stageTwo, SystemdNotify notify)
    {
        if (notify.IsConnected)
        {
            Errno errno = notify.MainProcess(stageTwo.Pid);
            stageTwo.Disown();
            return errno.IsOk ? 0 : throw new ServiceException($"cannot tell the service manager about stage 2: {errno}");
        }

        Close(notify);
        ExitStatus status = stageTwo.Wait();
        stageTwo.Dispose();
        return status.Exited ? status.Value : 128 + status.Value;
    }

    /// <summary>
    /// What stays behind only to pass on an exit code has no right that it could use: the threads of the runtime keep a full bounding
    /// set, which nothing but an exec could turn into capabilities, and there is none.
    /// </summary>
    private void Close(SystemdNotify notify)
    {
        notify.Dispose();
        Errno errno = ProcessIdentity.EffectiveUid == 0 ? StageOne.TakeJoinerUid(Nobody) : Errno.None;
        errno = errno.IsError ? errno : StageTwoSandbox.CloseWaiter();
        if (errno.IsError)
        {
            log.Warning($"stage 1 keeps its rights while it waits: {errno}");
        }
    }
}
