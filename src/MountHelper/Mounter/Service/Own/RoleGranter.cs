using MountHelper.Grants;
using MountHelper.Registry;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;
using WireExtent = ServiceHost.MountProtocol.IdExtent;

namespace MountHelper;

/// <summary>
/// Answers ROLE. A file or device is given opened, a directory as two detached clones together with the private namespace that the
/// server will live in. Everything here is held until the conversation is over; the server has its own references.
/// </summary>
internal sealed class RoleGranter(MountPlan plan, ServicePolicy policy, MountRegistry registry) : IDisposable
{
    private readonly SourceOpener _opener = new(plan, policy);
    private readonly List<IDisposable> _held = [];
    private UserNamespaceGrant? _namespace;

    /// <summary>The entry with this mount's ids; null until a grant has needed ids.</summary>
    public MountReservation? Reservation { get; private set; }

    /// <summary>What a directory is granted with, when there is one.</summary>
    public KeeperLink? Keeper { get; set; }

    public HostIdRange Range => Reservation?.Range ?? default;

    /// <summary>The block device that the source was granted as, which a fuseblk mount needs; null when it was none.</summary>
    public PinnedSource? BlockDevice { get; private set; }

    public Denial? Answer(RoleRequest request, ServerProcess server, Deadline deadline, out Grant grant, out OwnedFd[] fds)
    {
        grant = new Grant();
        fds = [];
        PinnedSource? source = _opener.FindRole(request.Role, out bool writable, out Denial? denial);
        if (source is null)
        {
            return denial;
        }

        if (Rule.KindIsAsAsked.IsBrokenBy((request.Kinds & source.Kind) == 0))
        {
            return new Denial(Errno.EINVAL, $"{source.Display} is a {Name(source.Kind)}, which {plan.Type.Name} cannot use")
            {
                Rule = Rule.KindIsAsAsked,
            };
        }

        bool write = writable && request.Access == SourceAccess.ReadWrite;
        bool loop = request.Flags.HasFlag(RoleFlags.Loop) && source.Kind == SourceKinds.RegularFile && request.Kinds.HasFlag(SourceKinds.BlockDevice);
        if (loop)
        {
            denial = GrantLoop(request, source, ref grant, ref fds);
            if (denial is not null || fds.Length > 0)
            {
                return denial;
            }
        }

        return source.Kind == SourceKinds.Directory
            ? GrantDirectory(source, write, server, deadline, ref grant, ref fds)
            : GrantFile(request, source, write, ref grant, ref fds);
    }

    /// <summary>The entry of a mount whose grants needed no ids.</summary>
    public MountReservation Reserve(Deadline deadline) => Reservation ?? Reserve(0, deadline);

    public void Dispose()
    {
        _held.ForEach(static held => held.Dispose());
        _namespace?.Dispose();
        Reservation?.Dispose();
        _opener.Dispose();
    }

    private Denial? GrantFile(RoleRequest request, PinnedSource source, bool write, ref Grant grant, ref OwnedFd[] fds)
    {
        Denial? denial = _opener.Open(source, write, OpenFlags.ReadOnly, out OwnedFd opened);
        if (denial is not null)
        {
            return denial;
        }

        _held.Add(opened);
        BlockDevice ??= request.Role == RoleRequest.Source && source.Kind == SourceKinds.BlockDevice ? source : null;
        grant = grant with { Kind = source.Kind, Access = AccessOf(write), Flags = GrantFlags.File };
        fds = [opened];
        return null;
    }

    /// <summary>The image as a device; nothing is granted, and nothing refused, on a machine without loop devices.</summary>
    private Denial? GrantLoop(RoleRequest request, PinnedSource source, ref Grant grant, ref OwnedFd[] fds)
    {
        Denial? denial = _opener.OpenLoop(source, request.Part, out OwnedFd? device);
        if (device is null)
        {
            return denial;
        }

        _held.Add(device);
        denial = Pin(device, out PinnedSource? pinned);
        if (denial is not null)
        {
            return denial;
        }

        BlockDevice ??= request.Role == RoleRequest.Source ? pinned : null;
        grant = grant with { Kind = SourceKinds.BlockDevice, Access = SourceAccess.Read, Flags = GrantFlags.File | GrantFlags.Loop };
        fds = [device];
        return null;
    }

    private Denial? Pin(OwnedFd device, out PinnedSource? pinned)
    {
        pinned = null;
        Errno errno = Libc.Duplicate(device, out OwnedFd handle);
        string path = "";
        errno = errno.IsError ? errno : DescriptorPath.Read(handle, out path);
        errno = errno.IsError ? errno : PinnedSource.Adopt(handle, System.Text.Encoding.Latin1.GetBytes(path), out pinned);
        if (errno.IsError)
        {
            return new Denial(errno, $"the loop device cannot be looked at: {errno}");
        }

        _held.Add(pinned!);
        return null;
    }

    private Denial? GrantDirectory(
        PinnedSource source, bool write, ServerProcess server, Deadline deadline, ref Grant grant, ref OwnedFd[] fds)
    {
        ServerIdentity identity = Identity();
        Denial? denial = MakeNamespace(identity, server, deadline);
        if (denial is not null)
        {
            return denial;
        }

        if (!TryClone(source, write, out DirectoryGrant? clones, out GrantRefusal? refusal))
        {
            return refusal!.ToDenial();
        }

        _held.Add(clones!);
        bool first = Keeper is { IsGranted: false };
        bool keeps = Keeper?.TryAdd(clones!) is true && first;
        grant = grant with
        {
            Kind = SourceKinds.Directory,
            Access = AccessOf(write),
            Flags = (clones!.ReadWrite is null ? 0 : GrantFlags.RwClone) | GrantFlags.RoClone | GrantFlags.UserNamespace
                | (keeps ? GrantFlags.Keeper : 0) | (plan.Options.IdMapOff ? 0 : GrantFlags.Idmapped),
            RwMountId = clones.ReadWriteMountId,
            RoMountId = clones.ReadOnlyMountId,
            Uid = identity.Uid,
            Gid = identity.Gid,
            Groups = [.. identity.Groups],
            Capabilities = CapabilitiesOf(identity).Bits,
            Extents = [.. _namespace!.Extents.Select(static extent => new WireExtent(extent.Inside, extent.Host, extent.Count))],
        };
        OwnedFd?[] granted = [clones.ReadWrite, clones.ReadOnly, _namespace.Descriptor, keeps ? Keeper!.ServersEnd : null];
        fds = [.. granted.OfType<OwnedFd>()];
        return null;
    }

    private bool TryClone(PinnedSource source, bool write, out DirectoryGrant? clones, out GrantRefusal? refusal)
    {
        using (plan.Namespace?.Enter())
        {
            return DirectoryGrant.TryCreate(
                new DirectoryGrantRequest
                {
                    Source = source.Handle,
                    SourceName = source.Display,
                    UserNamespace = plan.Options.IdMapOff ? null : _namespace!.Descriptor,
                    ReadOnly = !write,
                    CallerIsRoot = plan.Caller.IsRoot,
                    AllowSuid = !plan.Options.Flags.HasFlag(VfsFlags.NoSuid),
                    AllowDev = !plan.Options.Flags.HasFlag(VfsFlags.NoDev),
                    AccessTimes = (plan.Options.Flags & VfsFlags.AccessTimes).ToAttributes(),
                },
                out clones, out refusal);
        }
    }

    /// <summary>
    /// File capabilities are set by name, which no filter of system calls can see. Without `suid` the server has no right to set them,
    /// so a taken-over one can leave none on the native path to its tree.
    /// </summary>
    private CapabilitySet CapabilitiesOf(ServerIdentity identity) => plan.Options.Flags.HasFlag(VfsFlags.NoSuid)
        ? identity.Capabilities.Without(CapabilitySet.Setfcap)
        : identity.Capabilities;

    private ServerIdentity Identity() => plan.Options.IdMapOff
        ? ServerIdentity.Nobody
        : plan.Caller.IsRoot
            ? ServerIdentity.Root
            : ServerIdentity.OfCaller(plan.Caller.Uid, plan.Caller.Gid, plan.Caller.Groups);

    /// <summary>One namespace for the mount, whatever the number of directories in it.</summary>
    private Denial? MakeNamespace(ServerIdentity identity, ServerProcess server, Deadline deadline)
    {
        if (_namespace is not null)
        {
            return null;
        }

        IdMap? map = IdMap.Create(identity.SpansAboveBase().Concat(plan.Options.IdSpans));
        if (map is null)
        {
            return new Denial(Errno.E2BIG, "the ids that this mount has to know are more than one mount can be given")
            {
                Advice = "name fewer ids with idmap=LO-HI",
            };
        }

        HostIdRange range = Reserve(map.Count, deadline).Range;
        return UserNamespaceGrant.TryCreate(
            server.JoinerUid, map.On(range), deadline, out _namespace, out GrantRefusal? refusal) ? null : refusal.ToDenial();
    }

    private MountReservation Reserve(uint ids, Deadline deadline)
    {
        using (plan.Namespace?.Enter())
        {
            MountQuota? quota = MountQuota.Of(plan, policy);
            Reservation = registry.TryReserve(ids, deadline, out MountReservation? made, out GrantRefusal? refusal, quota)
                ? made
                : throw refusal.ToException();
            return Reservation;
        }
    }

    private static SourceAccess AccessOf(bool write) => write ? SourceAccess.ReadWrite : SourceAccess.Read;

    private static string Name(SourceKinds kind) => kind switch
    {
        SourceKinds.Directory => "directory",
        SourceKinds.RegularFile => "regular file",
        _ => "block device",
    };
}
