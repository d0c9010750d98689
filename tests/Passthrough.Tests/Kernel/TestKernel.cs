using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Servers.Passthrough;
using ServiceHost.Fuse;
using ServiceHost.Linux;

namespace Passthrough.Tests;

/// <summary>
/// The other side of /dev/fuse: builds requests as the kernel does, has the dispatcher handle them on the calling thread, and reads the replies.
/// One per thread; the filesystem serves a temporary tree.
/// </summary>
internal sealed partial class TestKernel : IReplyChannel, IDisposable
{
    private const uint Minor = 45;
    private readonly FuseDispatcher _dispatcher;
    private readonly RequestSlot _slot;
    private readonly byte[] _request = new byte[1 << 17];
    private readonly byte[] _reply;
    private readonly List<byte[]> _sent = [];
    private ulong _unique;

    public TestKernel(TempTree tree, PassthroughOptions? options = null, uint minor = Minor, IBackingFiles? backingFiles = null)
    {
        options ??= new PassthroughOptions { AllowSuid = true };
        Assert.Equal(
            Errno.None,
            Libc.Openat(Fd.Cwd, CString.FromTerminated("/proc/self/fd\0"u8), OpenFlags.Path, 0, out OwnedFd procSelfFd));
        using (OwnedFd root = tree.OpenRoot())
        {
            FileSystem = new PassthroughFileSystem(root, procSelfFd, options, Log.Add, Told.Add);
        }

        FuseInitOptions init = new() { Wanted = options.WantedFlags, MaxTransfer = 1 << 16, RequestTimeout = 0 };
        _dispatcher = new FuseDispatcher(FileSystem, init, new FuseSessionOptions { Log = Log.Add, BackingFiles = backingFiles });
        _slot = _dispatcher.CreateSlot(this);
        _reply = new byte[_dispatcher.ReplyBufferSize];
        FileSystem.OnWorkerStart(0);
        Init(minor);
    }

    public PassthroughFileSystem FileSystem { get; }

    public List<string> Log { get; } = [];

    /// <summary>What the filesystem said when it ended.</summary>
    public List<string> Told { get; } = [];

    public uint Uid { get; set; } = UserId.Effective;

    public uint Gid { get; set; } = UserId.EffectiveGroup;

    /// <summary>The last request that <see cref="Call"/> sent.</summary>
    public ulong LastUnique => _unique;

    /// <summary>Data of the last reply.</summary>
    public ReadOnlySpan<byte> Reply => _reply.AsSpan(Unsafe.SizeOf<FuseOutHeader>(), ReplyLength);

    public int ReplyLength { get; private set; }

    /// <summary>Was the last request left unanswered by its handler?</summary>
    public bool WasDeferred { get; private set; }

    /// <summary>Sends one request; <paramref name="data"/> follows the structure, and each name gets its NUL.</summary>
    public Errno Call<T>(FuseOpcode opcode, NodeId node, in T body, ReadOnlySpan<byte> name = default, ReadOnlySpan<byte> name2 = default)
        where T : unmanaged
    {
        int length = Unsafe.SizeOf<FuseInHeader>();
        MemoryMarshal.Write(_request.AsSpan(length), body);
        length += typeof(T) == typeof(Nothing) ? 0 : Unsafe.SizeOf<T>();
        length += Append(length, name) + Append(length + NamedSize(name), name2);
        return Send(opcode, node, length);
    }

    public Errno CallWithData<T>(FuseOpcode opcode, NodeId node, in T body, ReadOnlySpan<byte> data)
        where T : unmanaged
    {
        int length = Unsafe.SizeOf<FuseInHeader>() + Unsafe.SizeOf<T>();
        MemoryMarshal.Write(_request.AsSpan(Unsafe.SizeOf<FuseInHeader>()), body);
        data.CopyTo(_request.AsSpan(length));
        return Send(opcode, node, length + data.Length);
    }

    public T Read<T>()
        where T : unmanaged
    {
        // Throws when the reply is too short; Assert would allocate its message in the test that counts bytes.
        return MemoryMarshal.Read<T>(Reply);
    }

    /// <summary>Waits for a deferred reply.</summary>
    public Errno WaitFor(ulong unique, TimeSpan timeout)
    {
        long end = Environment.TickCount64 + (long)timeout.TotalMilliseconds;
        while (true)
        {
            if (TryTake(unique, out byte[] message))
            {
                FuseOutHeader header = MemoryMarshal.Read<FuseOutHeader>(message);
                message.AsSpan(Unsafe.SizeOf<FuseOutHeader>()).CopyTo(_reply.AsSpan(Unsafe.SizeOf<FuseOutHeader>()));
                ReplyLength = message.Length - Unsafe.SizeOf<FuseOutHeader>();
                return new Errno(-header.Error);
            }

            Assert.True(Environment.TickCount64 < end, $"request {unique} was not answered within {timeout}");
            Thread.Sleep(1);
        }
    }

    public bool HasReply(ulong unique)
    {
        lock (_sent)
        {
            return _sent.Exists(message => MemoryMarshal.Read<FuseOutHeader>(message).Unique.Value == unique);
        }
    }

    /// <summary>The notifications of one kind sent so far, without their headers.</summary>
    public List<byte[]> Notifications(FuseNotifyCode code)
    {
        lock (_sent)
        {
            return [.. _sent
                .Where(message => MemoryMarshal.Read<FuseOutHeader>(message) is { Unique.Value: 0 } header && header.Error == (int)code)
                .Select(message => message[Unsafe.SizeOf<FuseOutHeader>()..])];
        }
    }

    Errno IReplyChannel.Send(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        lock (_sent)
        {
            _sent.Add([.. head, .. body]);
        }

        return Errno.None;
    }

    public void Dispose() => FileSystem.OnSessionEnd();

    private bool TryTake(ulong unique, out byte[] message)
    {
        lock (_sent)
        {
            int index = _sent.FindIndex(message => MemoryMarshal.Read<FuseOutHeader>(message).Unique.Value == unique);
            message = index < 0 ? [] : _sent[index];
            if (index >= 0)
            {
                _sent.RemoveAt(index);
            }

            return index >= 0;
        }
    }

    private static int NamedSize(ReadOnlySpan<byte> name) => name.IsEmpty ? 0 : name.Length + 1;

    private int Append(int offset, ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty)
        {
            return 0;
        }

        name.CopyTo(_request.AsSpan(offset));
        _request[offset + name.Length] = 0;
        return name.Length + 1;
    }

    private Errno Send(FuseOpcode opcode, NodeId node, int length)
    {
        FuseInHeader header = new()
        {
            Len = (uint)length,
            Opcode = opcode,
            Unique = new RequestId(_unique += 2),
            NodeId = node,
            Uid = Uid,
            Gid = Gid,
            Pid = 1,
        };
        MemoryMarshal.Write(_request, header);
        int replied = _dispatcher.Dispatch(_slot, _request.AsSpan(0, length), _reply);
        WasDeferred = replied == 0;
        ReplyLength = Math.Max(0, replied - Unsafe.SizeOf<FuseOutHeader>());
        return replied == 0 ? Errno.None : new Errno(-MemoryMarshal.Read<FuseOutHeader>(_reply).Error);
    }

    private void Init(uint minor)
    {
        FuseInitIn init = new() { Major = 7, Minor = minor, MaxReadahead = 1 << 17, Flags = uint.MaxValue, Flags2 = uint.MaxValue };
        Assert.Equal(Errno.None, Call(FuseOpcode.Init, default, init));
    }

    /// <summary>A request without a fixed structure.</summary>
    internal readonly struct Nothing;
}
