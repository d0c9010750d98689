using ServiceHost.Fuse;
using ServiceHost.Linux;

namespace Servers.Passthrough;

/// <summary>How a passthrough mount behaves: everything the filesystem needs to know beside its descriptors.</summary>
internal sealed record PassthroughOptions
{
    public CachePolicy Cache { get; init; } = CachePolicy.Auto;

    /// <summary>How long the kernel may use a name without asking.</summary>
    public TimeSpan EntryTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long the kernel may use attributes without asking.</summary>
    public TimeSpan AttributeTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long the kernel may believe that a name does not exist.</summary>
    public TimeSpan NegativeTimeout { get; init; }

    public bool Writeback { get; init; }

    public LockPolicy Locks { get; init; } = LockPolicy.Local;

    public BackingPolicy Backing { get; init; } = BackingPolicy.Never;

    /// <summary>Smaller files are served by ordinary I/O: registering one costs more than a few reads.</summary>
    public long BackingMinSize { get; init; }

    /// <summary>Nothing can be written through the mount.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>Store set-user-ID bits, set-group-ID bits on files, and security.capability.</summary>
    public bool AllowSuid { get; init; }

    /// <summary>How the filter lets a directory be marked set-group-ID; null where no filter asks for that.</summary>
    public FixedDot? Dot { get; init; }

    /// <summary>The source is a clone of one mount: whatever is in it is on the filesystem that its root is on.</summary>
    public bool IsOneMount { get; init; }

    /// <summary>Inodes held open at once, one descriptor each.</summary>
    public int InodeLimit { get; init; } = 2048;

    /// <summary>Files and directories open at once.</summary>
    public int HandleLimit { get; init; } = 1024;

    /// <summary>
    /// How long a LOOKUP without a free descriptor waits for one, off the workers. The kernel forgets when it comes to it, which on a busy machine can
    /// be seconds later, and ENFILE would be the caller's.
    /// </summary>
    public TimeSpan RoomTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What to negotiate with the kernel for these options.</summary>
    public FuseInitFlags WantedFlags
    {
        get
        {
            FuseInitFlags flags = FuseInitOptions.DefaultFlags
                | FuseInitFlags.AtomicOTrunc | FuseInitFlags.DoReaddirplus | FuseInitFlags.ReaddirplusAuto
                | FuseInitFlags.DontMask | FuseInitFlags.PosixAcl | FuseInitFlags.CreateSuppGroup
                | FuseInitFlags.HandleKillprivV2 | FuseInitFlags.SetxattrExt | FuseInitFlags.AllowIdmap;
            flags |= Cache == CachePolicy.Never ? FuseInitFlags.DirectIoAllowMmap : FuseInitFlags.CacheSymlinks;
            flags |= Backing != BackingPolicy.Never ? FuseInitFlags.Passthrough : 0;
            flags |= Writeback ? FuseInitFlags.WritebackCache : 0;
            flags |= Locks == LockPolicy.Shared ? FuseInitFlags.PosixLocks | FuseInitFlags.FlockLocks : 0;
            return flags;
        }
    }
}
