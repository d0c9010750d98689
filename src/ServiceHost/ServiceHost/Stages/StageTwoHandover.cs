using ServiceHost.Connection;
using ServiceHost.Diagnostics;
using ServiceHost.Keeper;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace ServiceHost.Stages;

/// <summary>Gives every descriptor that stage 2 inherits its number, and writes the numbers into the state.</summary>
internal sealed class StageTwoHandover
{
    private readonly List<InheritedFd> _inherit = [];
    private ushort _next = StageTwoState.StateNumber + 1;

    public StageTwoHandover(
        ServiceConnection connection, ServiceGreeting greeting, IReadOnlyList<GrantedDescriptors> roles, SystemdNotify notify,
        OwnedFd? journal, ContainmentLevel required)
    {
        V1Connection? v1 = connection as V1Connection;
        OwnedFd? keeper = roles.Select(static role => role.Find(GrantFlags.Keeper)).FirstOrDefault(static channel => channel is not null);
        if (keeper is not null)
        {
            _inherit.Add(new InheritedFd(keeper, KeeperChannel.Number));
        }

        State = new StageTwoState
        {
            Dialect = connection.Dialect,
            Required = required,
            RemainingMilliseconds = (uint)connection.Deadline.Remaining.TotalMilliseconds,
            CpuCount = (uint)greeting.CpuCount,
            PossibleCpus = (uint)greeting.PossibleCpus,
            Caller = greeting.Caller,
            HelloFlags = v1?.HelloFlags ?? V1HelloFlags.None,
            Socket = Add(connection.Socket.Handle),
            Arguments = Add(greeting.ArgumentMemfd),
            Notify = notify.Socket is null ? null : Add(notify.Socket),
            Turn = notify.Turn is null ? null : Add(notify.Turn),
            Journal = journal is null ? null : Add(journal),
            Device = v1?.FuseDevice is null ? null : Add(v1.FuseDevice),
            Roles = [.. roles.Select(Add)],
            ProcSelfFd = _next++,
            Threads = _next++,
            MountTable = _next++,
            MounterNamespaces = greeting.MounterNamespaces,
            HasKeeper = keeper is not null,
        };
    }

    /// <summary>Borrowed: the owners keep theirs.</summary>
    public IReadOnlyList<InheritedFd> Inherit => _inherit;

    public StageTwoState State { get; }

    private ushort Add(OwnedFd fd)
    {
        _inherit.Add(new InheritedFd(fd, _next));
        return _next++;
    }

    private StageTwoRole Add(GrantedDescriptors role)
    {
        GrantFlags flags = StageTwoRole.InheritedFlags(role.Grant);
        List<ushort> numbers = [];
        foreach (GrantFlags descriptor in (ReadOnlySpan<GrantFlags>)[GrantFlags.RwClone, GrantFlags.RoClone, GrantFlags.File])
        {
            if (flags.HasFlag(descriptor))
            {
                numbers.Add(Add(role.Find(descriptor)!));
            }
        }

        return new StageTwoRole(role.Role, role.Grant, numbers);
    }
}
