using System.Runtime.InteropServices;
using ServiceHost.Linux;

namespace ServiceHost.Fuse;

// What the kernel and the engine settle between them.
public sealed partial class FuseDispatcher
{
    private Errno Init(ref FuseCall call)
    {
        FuseInitIn request = ReadInit(ref call);
        if (request.Major > FuseProtocol.Major)
        {
            // The kernel falls back to the major it is told and sends INIT again; minor and flags mean nothing here.
            call.Put(new FuseInitOut { Major = FuseProtocol.Major, Minor = FuseProtocol.Minor });
            return Errno.None;
        }

        FuseConnection? connection = FuseNegotiation.Negotiate(_options, request, out string refusal);
        if (connection is null)
        {
            InitRefusal = refusal;
            return Errno.EPROTO;
        }

        if (connection.Has(FuseInitFlags.Passthrough))
        {
            connection = connection with { BackingFiles = _backingFiles };
        }

        // Stands when OnInit throws.
        InitRefusal = "the filesystem could not start";
        _fileSystem.OnInit(connection, CreateNotifier(call.Channel));
        InitRefusal = null;
        call.Put(FuseNegotiation.Answer(connection));
        _connection = connection;
        return Errno.None;
    }

    // Behind the oldest form a kernel may send any number of words more; those of today's form are used, the rest is of the future.
    private static FuseInitIn ReadInit(ref FuseCall call)
    {
        FuseInitIn request = call.Fixed<FuseInitIn>();
        request.Flags2 = call.Data.Length >= sizeof(uint) ? MemoryMarshal.Read<uint>(call.Data) : 0;
        return request;
    }

    private Errno Destroy(ref FuseCall call)
    {
        _fileSystem.Destroy(call.Context);
        return Errno.None;
    }

    private Errno Interrupt(ref FuseCall call) =>
        _interrupts.Interrupt(call.Fixed<FuseInterruptIn>().Unique) ? Errno.None : Errno.EAGAIN;

    private Errno NotifyReply(ref FuseCall call)
    {
        FuseNotifyRetrieveIn head = call.Fixed<FuseNotifyRetrieveIn>();
        if (head.Size != call.Data.Length)
        {
            return call.Malformed();
        }

        // No entry: the session was handed over and this answers its former owner.
        if (_retrieves.TryTake(call.Context.Unique.Value, out NodeId node, out RetrieveCallback? callback))
        {
            callback(node, head.Offset, call.Data);
        }

        return Errno.None;
    }
}
