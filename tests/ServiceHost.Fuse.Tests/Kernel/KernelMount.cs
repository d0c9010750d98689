using System.Runtime.InteropServices;
using ServiceHost.Linux;
using Tests.Shared;

namespace ServiceHost.Fuse.Tests.Kernel;

/// <summary>
/// A filesystem mounted on the kernel of this machine, served by a session in this process. Disposing unmounts, whatever the test did, and
/// expects the session to end.
/// </summary>
internal sealed class KernelMount : IDisposable
{
    /// <summary>
    /// Of the tests that mount. They take turns: a program that one of them starts holds copies of what the others have open until its exec, and
    /// closing those is a FLUSH that nobody expects, and until then a mount that is busy.
    /// </summary>
    public const string Collection = "mounts";

    private readonly Thread _thread;
    private readonly ManualResetEventSlim _initialized = new();
    private readonly System.Collections.Concurrent.ConcurrentQueue<string> _log = new();
    private readonly RingSwitch? _switch;
    private FuseSessionEnd? _end;

    public KernelMount(
        FuseFileSystem fileSystem,
        FuseInitOptions? init = null,
        int devices = 2,
        int workers = 0,
        bool defaultPermissions = true,
        bool syncInit = false,
        bool waitForInit = true,
        string? blockDevice = null,
        bool rings = false)
    {
        _switch = rings ? RingSwitch.TurnOn() : null;
        Path = Directory.CreateTempSubdirectory("fuse-test-").FullName;
        List<OwnedFd> fds = [];
        for (int i = 0; i < devices; i++)
        {
            Check(Libc.OpenFuseDevice(out OwnedFd device));
            fds.Add(device);
        }

        // With SYNC_INIT mount(2) itself waits for the answer to INIT, and no clone can be made before.
        FuseSessionOptions options = new()
        {
            Workers = workers,
            Initialized = _ => _initialized.Set(),
            Log = _log.Enqueue,
            Rings = rings ? MakeRings(Math.Max(devices, workers)) : null,
            RingsRequired = rings,
        };
        Session = new FuseSession(fileSystem, init ?? new FuseInitOptions(), fds, options);
        _thread = new Thread(() => _end = Session.Run()) { IsBackground = true };
        if (syncInit)
        {
            Check(Libc.FuseDeviceSyncInit(fds[0]));
            _thread.Start();
        }

        string permissions = defaultPermissions ? ",default_permissions" : "";
        string data = $"fd={fds[0].Number},rootmode=40000,user_id=0,group_id=0,allow_other{permissions}";
        string type = blockDevice is null ? "fuse.memory" : "fuseblk.memory";
        int result = MountSyscalls.mount(Z(blockDevice ?? "memory"), Z(Path), Z(type), 0, Z(data));
        Check(result < 0 ? new Errno(Marshal.GetLastPInvokeError()) : Errno.None);
        foreach (OwnedFd clone in fds.Skip(1))
        {
            Check(Libc.FuseDeviceClone(clone, fds[0]));
        }

        DeviceMinor = MinorOf(Path);
        if (!syncInit)
        {
            _thread.Start();
        }

        Assert.True(!waitForInit || _initialized.Wait(Wait.Patience), "INIT was not answered: " + Log);
    }

    public string Path { get; }

    public FuseSession Session { get; }

    /// <summary>The name of the connection's directory below /sys/fs/fuse/connections.</summary>
    public int DeviceMinor { get; }

    public string Log => string.Join('\n', _log);

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public static byte[] Z(string text) => CString.Allocate(text);

    public static void Check(Errno errno) => Assert.Equal(Errno.None, errno);

    public OwnedFd Open(string name, OpenFlags flags = OpenFlags.ReadWrite, uint mode = 0x1B6)
    {
        Check(Libc.Openat(Fd.Cwd, CString.FromTerminated(Z(this[name])), flags, mode, out OwnedFd fd));
        return fd;
    }

    public void Unmount(int flags = 0) =>
        Check(MountSyscalls.umount2(Z(Path), flags) < 0 ? new Errno(Marshal.GetLastPInvokeError()) : Errno.None);

    public FuseSessionEnd WaitForEnd()
    {
        Assert.True(_thread.Join(Wait.Patience), "the session did not end");
        return _end!;
    }

    public void Dispose()
    {
        // Busy or gone already is no reason to leave a mount behind; and when a failing test left a request waiting, the session is stopped
        // so that the test's own failure is what is shown.
        _ = MountSyscalls.umount2(Z(Path), MountSyscalls.MNT_DETACH);
        if (!_thread.Join(TimeSpan.FromSeconds(5)))
        {
            Session.Stop();
            _thread.Join();
        }

        Session.Dispose();
        Directory.Delete(Path);
        _initialized.Dispose();
        _switch?.Dispose();
    }

    private static FuseRingSet MakeRings(int workers)
    {
        Check(FuseRingSet.Create(workers, RingSwitch.PossibleCpus, out FuseRingSet? rings));
        return rings!;
    }

    private static int MinorOf(string path) =>
        File.ReadLines("/proc/self/mountinfo").Select(line => line.Split(' ')).Where(words => words[4] == path)
            .Select(words => int.Parse(words[2].Split(':')[1], System.Globalization.CultureInfo.InvariantCulture)).Single();
}
