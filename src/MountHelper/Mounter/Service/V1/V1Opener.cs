using System.Runtime.InteropServices;
using MountHelper.Grants;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper;

/// <summary>
/// Answers OPEN and BDEV of a v1 server. libfuse's helper opens whatever path with whatever flags; here the path must be literally
/// the caller's SOURCE (or one that the policy names), and the flags can ask for reading or writing and for nothing else.
/// </summary>
internal sealed class V1Opener(MountPlan plan, ServicePolicy policy) : IDisposable
{
    private const uint BLKBSZSET = 0x4008_1271;
    private const uint O_CLOEXEC = 0x8_0000;

    private const OpenFlags Honoured = OpenFlags.Exclusive | OpenFlags.Direct | OpenFlags.Sync;

    // Without meaning for an object that is held already.
    private const OpenFlags Harmless = OpenFlags.NoControllingTerminal | OpenFlags.NonBlocking | OpenFlags.LargeFile
        | OpenFlags.NoFollow | OpenFlags.NoAccessTime | OpenFlags.Directory | (OpenFlags)O_CLOEXEC;

    private readonly SourceOpener _opener = new(plan, policy);
    private readonly List<IDisposable> _held = [];

    /// <summary>Whether SOURCE was handed out as a block device, which a fuseblk mount needs.</summary>
    public bool HasBlockDevice { get; private set; }

    public Denial? Answer(V1OpenCommand command, out OwnedFd? opened)
    {
        opened = null;
        OpenFlags flags = (OpenFlags)command.OpenFlags;
        Denial? denial = CheckFlags(command, flags);
        bool writable = false;
        PinnedSource? source = denial is null ? _opener.FindPath(command.Path, out writable, out denial) : null;
        if (source is null)
        {
            return denial;
        }

        bool write = (flags & OpenFlags.AccessModeMask) != OpenFlags.ReadOnly;
        denial = CheckUse(command, flags, source, write, writable);
        if (denial is not null)
        {
            return denial;
        }

        return source.Kind == SourceKinds.Directory
            ? OpenDirectory(source, writable, out opened)
            : OpenFile(command, source, write, flags & Honoured, out opened);
    }

    public void Dispose()
    {
        _held.ForEach(static held => held.Dispose());
        _opener.Dispose();
    }

    private static Denial? CheckFlags(V1OpenCommand command, OpenFlags flags)
    {
        if (Rule.V1OpenOnlyReadsOrWrites.IsBrokenBy((flags & ~(OpenFlags.AccessModeMask | Honoured | Harmless)) != 0))
        {
            return new Denial(Errno.EPERM,
                $"the server asked to open \"{DisplayText.FromBytes(command.Path)}\" with the flags 0{Convert.ToString(command.OpenFlags, 8)}, "
                + "which are for more than reading and writing")
            {
                Rule = Rule.V1OpenOnlyReadsOrWrites,
            };
        }

        return Rule.V1OpenOnlyReadsOrWrites.IsBrokenBy((command.RequestFlags & ~V1OpenFlags.All) != 0)
            ? new Denial(Errno.EINVAL, "the server asked for a file with request flags that nobody knows")
            {
                Rule = Rule.V1OpenOnlyReadsOrWrites,
            }
            : null;
    }

    private Denial? CheckUse(V1OpenCommand command, OpenFlags flags, PinnedSource source, bool write, bool writable)
    {
        if (Rule.KindIsAsAsked.IsBrokenBy(command.BlockDevice && source.Kind != SourceKinds.BlockDevice))
        {
            return new Denial(Errno.ENOTBLK, $"{source.Display} is no block device") { Rule = Rule.KindIsAsAsked };
        }

        if (Rule.KindIsAsAsked.IsBrokenBy(flags.HasFlag(OpenFlags.Directory) && source.Kind != SourceKinds.Directory))
        {
            return new Denial(Errno.ENOTDIR, $"{source.Display} is no directory") { Rule = Rule.KindIsAsAsked };
        }

        return UsersDirectory(source) ?? (Rule.ReadOnlyMeansReadOnly.IsBrokenBy(write && !writable)
            ? new Denial(Errno.EROFS, $"the server asked to write to {source.Display}, which this mount may only read")
            {
                Rule = Rule.ReadOnlyMeansReadOnly,
            }
            : null);
    }

    /// <summary>In the own dialect a directory comes with a namespace in which the server is the caller; here it would be itself.</summary>
    private Denial? UsersDirectory(PinnedSource source) =>
        Rule.V1DirectoriesAreRoots.IsBrokenBy(!plan.Caller.IsRoot && source.Kind == SourceKinds.Directory)
            ? new Denial(Errno.EPERM, $"{source.Display} is a directory, and a server of v1 would serve it with rights that are not the caller's")
            {
                Rule = Rule.V1DirectoriesAreRoots,
                Advice = "use a service of the own dialect, or an image",
            }
            : null;

    private Denial? OpenFile(V1OpenCommand command, PinnedSource source, bool write, OpenFlags manner, out OwnedFd? opened)
    {
        Denial? denial = _opener.Open(source, write, manner, out OwnedFd file);
        opened = file;
        if (denial is not null)
        {
            return denial;
        }

        _held.Add(file);
        HasBlockDevice |= ReferenceEquals(source, plan.Source) && source.Kind == SourceKinds.BlockDevice;
        if (!command.BlockDevice || command.BlockSize == 0)
        {
            return null;
        }

        uint[] size = [command.BlockSize, 0];
        Errno errno = Libc.Ioctl(file, BLKBSZSET, MemoryMarshal.AsBytes(size.AsSpan()), out _);
        return errno.IsOk ? null : new Denial(errno, $"{source.Display} cannot have blocks of {command.BlockSize} bytes: {errno}");
    }

    /// <summary>A clone that ends at itself, with this mount's flags, opened for reading its entries; owners show as they are.</summary>
    private Denial? OpenDirectory(PinnedSource source, bool writable, out OwnedFd? opened)
    {
        opened = null;
        DirectoryGrantRequest request = new()
        {
            Source = source.Handle,
            SourceName = source.Display,
            UserNamespace = null,
            ReadOnly = !writable,
            CallerIsRoot = plan.Caller.IsRoot,
            AllowSuid = !plan.Options.Flags.HasFlag(VfsFlags.NoSuid),
            AllowDev = !plan.Options.Flags.HasFlag(VfsFlags.NoDev),
            AccessTimes = (plan.Options.Flags & VfsFlags.AccessTimes).ToAttributes(),
        };
        if (!TryClone(request, out DirectoryGrant? grant, out GrantRefusal? refusal))
        {
            return refusal!.ToDenial();
        }

        _held.Add(grant!);
        Errno errno = Libc.Openat(
            grant!.ReadWrite ?? grant.ReadOnly, CString.FromTerminated(".\0"u8), OpenFlags.Directory, 0, out OwnedFd directory);
        _held.Add(directory);
        opened = directory;
        return errno.IsOk ? null : new Denial(errno, $"{source.Display}: {errno}");
    }

    private bool TryClone(DirectoryGrantRequest request, out DirectoryGrant? grant, out GrantRefusal? refusal)
    {
        using (plan.Namespace?.Enter())
        {
            return DirectoryGrant.TryCreate(request, out grant, out refusal);
        }
    }
}
