using System.Runtime.InteropServices;
using ServiceHost.Fuse.Tests.Kernel;
using ServiceHost.Fuse.Tests.Memory;
using ServiceHost.Linux;

namespace ServiceHost.Fuse.Tests.Fuzz;

/// <summary>Serves a memory filesystem on the kernel with a loop of its own, keeping every request as the kernel sent it.</summary>
internal sealed class TrafficRecorder : IDisposable
{
    private readonly OwnedFd _device;
    private readonly FuseDispatcher _dispatcher;
    private readonly Thread _thread;

    public TrafficRecorder(MemoryFileSystem fileSystem, FuseInitOptions options)
    {
        Path = Directory.CreateTempSubdirectory("fuse-record-").FullName;
        KernelMount.Check(Libc.OpenFuseDevice(out _device));
        string data = $"fd={_device.Number},rootmode=40000,user_id=0,group_id=0,allow_other";
        int result = MountSyscalls.mount(KernelMount.Z("memory"), KernelMount.Z(Path), KernelMount.Z("fuse.memory"), 0, KernelMount.Z(data));
        KernelMount.Check(result < 0 ? new Errno(Marshal.GetLastPInvokeError()) : Errno.None);
        _dispatcher = new FuseDispatcher(fileSystem, options);
        _thread = new Thread(Serve) { IsBackground = true };
        _thread.Start();
    }

    public string Path { get; }

    public List<byte[]> Requests { get; } = [];

    /// <summary>Unmounts and waits until the last request is kept.</summary>
    public void Dispose()
    {
        _ = MountSyscalls.umount2(KernelMount.Z(Path), MountSyscalls.MNT_DETACH);
        _thread.Join();
        _device.Dispose();
        Directory.Delete(Path);
    }

    private void Serve()
    {
        FuseDevice device = new(_device);
        RequestSlot slot = _dispatcher.CreateSlot(device);
        byte[] request = new byte[_dispatcher.RequestBufferSize];
        byte[] reply = new byte[_dispatcher.ReplyBufferSize];
        while (device.Read(request, out int length).IsOk)
        {
            Requests.Add(request[..length]);
            int size = _dispatcher.Dispatch(slot, request.AsSpan(0, length), reply);
            if (size != 0)
            {
                device.Reply(reply.AsSpan(0, size));
            }
        }
    }
}
