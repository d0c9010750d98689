using ServiceHost.Fuse;
using ServiceHost.Linux;

namespace Servers.Passthrough;

/// <summary>A LOOKUP that found no room and whose caller waits for some.</summary>
internal sealed class RoomWaiter(DeferredReply reply, NodeId parent, CString name, long deadline)
{
    private readonly byte[] _name = name.Terminated.ToArray();

    public NodeId Parent => parent;

    public CString Name => CString.FromTerminated(_name);

    public bool IsInterrupted => reply.Interrupted.IsCancellationRequested;

    /// <summary>In milliseconds of <see cref="Environment.TickCount64"/>.</summary>
    public bool IsOver => Environment.TickCount64 >= deadline;

    public void Fail(Errno errno) => reply.TryComplete(errno);

    public void Succeed(in FuseEntryOut entry) => reply.TryComplete(entry);
}
