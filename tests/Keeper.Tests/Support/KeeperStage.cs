using System.Diagnostics;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace Keeper.Tests;

/// <summary>
/// A source with its two clones, a mount and a keeper for it: what a case needs, with the case in the place of the server.
/// </summary>
internal sealed class KeeperStage : IDisposable
{
    private readonly KeeperListener _listener = new();
    private readonly List<OwnedFd> _opened = [];

    public KeeperStage(uint quota = 0, bool assign = true)
    {
        Source = Directory.CreateTempSubdirectory("keeper-source-").FullName;
        Run("mount", "-t", "tmpfs", "-o", "mode=0755", "keeper-test", Source);
        File.WriteAllText(Source + "/file", "from the source");
        Directory.CreateDirectory(Source + "/folder");
        ReadWrite = CloneOf(Source, readOnly: false);
        ReadOnly = CloneOf(Source, readOnly: true);
        Fuse = new FuseFile();
        Server = ServersEnd.Pair(out OwnedFd keepersEnd);
        KeepersEnd = keepersEnd;
        if (assign)
        {
            using SeqpacketSocket connection = _listener.Connect();
            Assign(connection, new KeeperAssignment(quota, [Clones]).Encode(), Fuse.Clone(), keepersEnd);
            keepersEnd.Dispose();
        }
    }

    public string Source { get; }

    public OwnedFd ReadWrite { get; }

    public OwnedFd ReadOnly { get; }

    public KeeperClones Clones => new(MountIdentity.UniqueId(ReadWrite), MountIdentity.UniqueId(ReadOnly));

    /// <summary>The mount that is kept.</summary>
    public FuseFile Fuse { get; }

    public ServersEnd Server { get; }

    public OwnedFd KeepersEnd { get; }

    public KeeperListener Listener => _listener;

    public int KeeperPid => Wait.For(_listener.Keepers, static keepers => keepers.Count == 1)[0];

    /// <summary>Sends a packet in the place of the Mounter. The descriptors are closed.</summary>
    public static void Assign(SeqpacketSocket connection, byte[] packet, params OwnedFd[] fds)
    {
        Assert.Equal(Errno.None, connection.Send(packet, fds, Deadline.In(TimeSpan.FromSeconds(20))));
        Array.ForEach(fds, static fd => fd.Dispose());
    }

    /// <summary>Opens below a clone; closed with the stage.</summary>
    public OwnedFd Open(OwnedFd clone, string name, OpenFlags flags, uint mode = 0x1A4)
    {
        Assert.Equal(Errno.None, Libc.Openat(clone, CString.FromTerminated(CString.Allocate(name)), flags, mode, out OwnedFd file));
        return Keep(file);
    }

    public OwnedFd Open(string path, OpenFlags flags) => Open(ReadWrite, path, flags);

    public OwnedFd Keep(OwnedFd fd)
    {
        _opened.Add(fd);
        return fd;
    }

    public OwnedFd CloneOf(string path, bool readOnly)
    {
        Assert.Equal(Errno.None, Libc.Openat(Fd.Cwd, CString.FromTerminated(CString.Allocate(path)), OpenFlags.Path, 0, out OwnedFd source));
        using (source)
        {
            Assert.Equal(Errno.None, Libc.OpenTreeClone(source, recursive: false, out OwnedFd clone));
            Assert.Equal(Errno.None, Libc.MountSetattr(
                clone, recursive: false, MountAttributes.NoSuid | MountAttributes.NoDev | (readOnly ? MountAttributes.ReadOnly : 0), MountAttributes.None));
            return Keep(clone);
        }
    }

    public void AwaitLog(string text) => Wait.For($"'{text}' in the log", () => _listener.Log.Contains(text, StringComparison.Ordinal));

    /// <summary>Whether an id is the kernel's; asking ends it.</summary>
    public bool TakeId(int id) => Libc.FuseBackingClose(Fuse.Device, id).IsOk;

    public static void Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    public void Dispose()
    {
        Server.Dispose();
        KeepersEnd.Dispose();
        Fuse.Dispose();
        _opened.ForEach(static fd => fd.Dispose());
        Wait.For("the keepers to end", () => _listener.Keepers().Count == 0);
        _listener.Dispose();
        Run("chattr", "-ia", Source + "/file");
        Run("umount", "-l", Source);
        Directory.Delete(Source);
    }
}
