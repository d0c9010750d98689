using System.Runtime.InteropServices;
using ServiceHost.Connection;
using ServiceHost.Diagnostics;
using ServiceHost.Fuse;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;
using ServiceHost.Stages;

namespace ServiceHost.Developer;

/// <summary>
/// --foreground SOURCE MOUNTPOINT: the service mounts for itself, with the rights of whoever started it and no containment at all.
/// For suites that need a server which really is root, and for a debugger. SIGINT and SIGTERM unmount.
/// </summary>
internal sealed class DeveloperProcess(FuseService service, ServiceLog log, ServiceCommandLine line)
{
    public int Run()
    {
        V1MountWords words = V1MountWords.Sort(line.OptionText);
        using OwnedFd source = OpenSource();
        ServiceContext context = MakeContext(words, source);
        FuseMountPlan plan = service.CreateMount(context);
        words.Restrict(plan);
        using DeveloperMount mount = DeveloperMount.Pin(line.Mountpoint);
        using MountedService mounted = Mount(mount, context, words, plan);
        using PosixSignalRegistration interrupt = OnSignal(PosixSignal.SIGINT, mount);
        using PosixSignalRegistration terminate = OnSignal(PosixSignal.SIGTERM, mount);
        mount.Attach();
        log.Warning($"serving {context.SourceName} on {context.MountpointName} without any containment: for tests and debugging only");
        FuseSessionEnd end = mounted.WaitForEnd();
        log.Info($"{context.MountpointName}: {end.Detail}");
        return end.IsClean ? 0 : 1;
    }

    /// <summary>
    /// Where the kernel has SYNC_INIT, making the superblock waits for INIT and reports its failure; the one device is then shared,
    /// because clones of it can only be made of a bound one. Elsewhere INIT waits in the queue of the new superblock.
    /// </summary>
    private MountedService Mount(DeveloperMount mount, ServiceContext context, V1MountWords words, FuseMountPlan plan)
    {
        Errno errno = Libc.OpenFuseDevice(out OwnedFd device);
        if (errno.IsError)
        {
            throw new ServiceException($"/dev/fuse: {errno}");
        }

        bool synchronous = Libc.FuseDeviceSyncInit(device).IsOk;
        if (!synchronous)
        {
            mount.CreateSuperblock(device, context, words, plan, service.Type);
        }

        FuseRingSet? rings = ServiceRings.MakeFor(context);
        ServiceRings.ThrowIfUnsuited(rings, plan);
        MountedService mounted = new(
            plan, synchronous ? [device] : WithClones(device, plan.Workers), context, rings, new DirectBackingFiles(device));
        mounted.Start();
        if (synchronous)
        {
            mount.CreateSuperblock(device, context, words, plan, service.Type);
        }

        return mounted.WaitInitialized(Deadline.In(StageOneProcess.HelloTime), out string reason)
            ? mounted
            : throw new ServiceException($"the filesystem did not start: {reason}");
    }

    private static List<OwnedFd> WithClones(OwnedFd device, int count)
    {
        List<OwnedFd> devices = [device];
        while (devices.Count < count)
        {
            Errno errno = Libc.OpenFuseDevice(out OwnedFd clone);
            errno = errno.IsOk ? Libc.FuseDeviceClone(clone, device) : errno;
            if (errno.IsError)
            {
                throw new ServiceException($"cannot clone /dev/fuse: {errno}");
            }

            devices.Add(clone);
        }

        return devices;
    }

    /// <summary>
    /// A clone of the source with all that is mounted below it now. The mount that is about to be made is not in it, also when the
    /// mountpoint lies in the source: a server that walks into its own mount waits for itself.
    /// </summary>
    private OwnedFd OpenSource()
    {
        byte[] path = CString.Allocate(line.Source);
        Errno errno = Libc.Openat(Fd.Cwd, CString.FromTerminated(path), OpenFlags.Path, 0, out OwnedFd source);
        using (source)
        {
            ThrowIfFailed(errno);
            ThrowIfFailed(Libc.OpenTreeClone(source, recursive: true, out OwnedFd clone));
            return clone;
        }
    }

    private void ThrowIfFailed(Errno errno)
    {
        if (errno.IsError)
        {
            throw new ServiceException($"{line.Source}: {errno}");
        }
    }

    private ServiceContext MakeContext(V1MountWords words, OwnedFd source)
    {
        ServiceRole role = service.GetRoles(service.AllOptions.Parse(words.ServiceOptions))
            .FirstOrDefault(static role => role.Name == RoleRequest.Source)
            ?? throw new ServiceException("this service has no source");
        Errno errno = Libc.Statx(source, StatxMask.Type, out Statx stat);
        if (errno.IsError || !stat.IsDirectory || !role.Kinds.HasFlag(SourceKinds.Directory))
        {
            throw new ServiceException($"{line.Source} is not a directory, and developer mode serves only those");
        }

        GrantedRole granted = new()
        {
            Name = RoleRequest.Source,
            Kind = SourceKinds.Directory,
            Access = words.Flags.HasFlag(ArgumentFlags.ReadOnly) ? SourceAccess.Read : role.Access,
            File = source,
        };
        return new ServiceContext
        {
            Mode = ServiceMode.Developer,
            SourceName = line.Source,
            MountpointName = line.Mountpoint,
            Options = service.AllOptions.Parse(words.ServiceOptions),
            Roles = [granted],
            ReadOnly = words.Flags.HasFlag(ArgumentFlags.ReadOnly),
            AllowSuid = words.Flags.HasFlag(ArgumentFlags.Suid),
            AllowDev = words.Flags.HasFlag(ArgumentFlags.Dev),
            CallerUid = ProcessIdentity.EffectiveUid,
            CallerGid = ProcessIdentity.EffectiveGid,
            CallerGroups = [],
            Uid = ProcessIdentity.EffectiveUid,
            Gid = ProcessIdentity.EffectiveGid,
            Capabilities = ProcessCapabilities.Read(out CapabilitySet effective, out _).IsOk ? effective.Bits : 0,
            IdMap = [],
            CpuCount = Environment.ProcessorCount,
            PossibleCpus = Processors.Possible,
            ProcSelfFd = OpenProcSelfFd(),
            Log = log,
        };
    }

    private static OwnedFd? OpenProcSelfFd()
    {
        Errno errno = Libc.Openat(Fd.Cwd, CString.FromTerminated("/proc/self/fd\0"u8), OpenFlags.Path | OpenFlags.Directory, 0, out OwnedFd fd);
        return errno.IsOk ? fd : null;
    }

    private PosixSignalRegistration OnSignal(PosixSignal signal, DeveloperMount mount) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            Errno errno = mount.Unmount(lazily: false);
            if (errno == Errno.EBUSY)
            {
                log.Notice($"{line.Mountpoint} is in use: it disappears now and ends when its last user leaves");
                errno = mount.Unmount(lazily: true);
            }

            if (errno.IsError)
            {
                log.Error($"cannot unmount {line.Mountpoint}: {errno}");
            }
        });
}
