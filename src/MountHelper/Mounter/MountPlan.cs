using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper;

/// <summary>
/// One mount as it was asked for: objects that are pinned already, words to show, and who asks. fuservicemount makes it from paths,
/// the broker from descriptors that its caller opened; from here on nothing is looked up by a path of the caller's.
/// </summary>
public sealed class MountPlan : IDisposable
{
    public required ServiceType Type { get; init; }

    public required MountOptions Options { get; init; }

    public required CallerIdentity Caller { get; init; }

    public required MountTarget Target { get; init; }

    /// <summary>null when there is none; <see cref="SourceErrno"/> tells whether it was asked for and not found.</summary>
    public PinnedSource? Source { get; init; }

    public byte[]? SourceName { get; init; }

    /// <summary>
    /// Why SOURCE could not be pinned. It matters only when the server asks for it: SOURCE need not be a path at all.
    /// </summary>
    public Errno SourceErrno { get; init; }

    /// <summary>What journal_path= named; null when it was not given, or <see cref="JournalErrno"/> says why not.</summary>
    public PinnedSource? Journal { get; init; }

    public Errno JournalErrno { get; init; }

    public bool Verbose { get; init; }

    /// <summary>-n: nothing is written for umount(8) to find.</summary>
    public bool NoUtab { get; init; }

    /// <summary>-s: a server passes over options that it does not know.</summary>
    public bool Sloppy { get; init; }

    /// <summary>-N: where the mount appears, when it is not here.</summary>
    public MountNamespace? Namespace { get; init; }

    /// <summary>Readable when the caller wants out (a signal, a peer that hung up). May be missing.</summary>
    public OwnedFd? Stop { get; init; }

    /// <summary>Takes lines for the caller that are no failure: notes of the server, and with -v what is being done.</summary>
    public required Action<string> Show { get; init; }

    public bool AllowOther => Options.AllowOther ?? Caller.IsRoot;

    /// <summary>
    /// On a user's mount for others, too: its server has the rights of its owner, and without the kernel's checks so would everybody else.
    /// </summary>
    public bool DefaultPermissions => Caller.IsRoot || AllowOther || Options.DefaultPermissions;

    /// <summary>What mountinfo shows in front of the mountpoint.</summary>
    public byte[] ShownSource => Options.FsName ?? SourceName ?? System.Text.Encoding.ASCII.GetBytes(Type.Name);

    /// <summary>"SOURCE on MOUNTPOINT", for every line about this mount.</summary>
    public string Display => $"{DisplayText.FromBytes(SourceName ?? ShownSource)} on {Target.Display}";

    public void Say(string line)
    {
        if (Verbose)
        {
            Show(line);
        }
    }

    public void Dispose()
    {
        Source?.Dispose();
        Journal?.Dispose();
        Target.Dispose();
        Namespace?.Dispose();
        Stop?.Dispose();
    }
}
