using System.Globalization;

namespace MountHelper.Tests;

/// <summary>The real fuservicemountd behind its socket, inside a sandbox that users may enter.</summary>
internal sealed class BrokerService : IDisposable
{
    private readonly HelperRun _listener;

    public BrokerService(MountSandbox sandbox)
    {
        Sandbox = sandbox;
        _listener = HelperRun.Start(sandbox, ["systemd-socket-activate", "--seqpacket", "--accept", "-l", "/run/fuservice/mountd", HelperBinary.Broker]);
        Listening.On(1, _listener.Pid);
        sandbox.Shell($"""
            chmod 755 {sandbox.Folder} /run/fuservice
            chmod 666 /run/fuservice/mountd
            chown 1000:1000 {sandbox.Mountpoint} {sandbox.Source} {sandbox.In("src")} {sandbox.In("src/file")}
            """).Succeeded().Dispose();
    }

    public MountSandbox Sandbox { get; }

    /// <summary>Instances that live, also those that have become zombies or hang.</summary>
    public int Instances => Children(_listener.Pid).Count;

    public IReadOnlyList<int> InstancePids => Children(_listener.Pid);

    /// <summary>A program as a user, inside.</summary>
    public HelperRun As(uint uid, string command) => Sandbox.Shell(string.Create(CultureInfo.InvariantCulture,
        $"exec setpriv --reuid={uid} --regid={uid} --clear-groups {command}"));

    public void AssertNothingIsLeft()
    {
        Wait.For("the broker to end", () => Instances == 0);
        Assert.DoesNotContain(Sandbox.Mounts(), static line => line.Contains(" - fuse.", StringComparison.Ordinal));
        Assert.Empty(Sandbox.RegistryEntries());
        Assert.False(File.Exists(Sandbox.In("mtab/utab")) && File.ReadAllText(Sandbox.In("mtab/utab")).Length > 0);
    }

    public void Dispose() => _listener.Dispose();

    private static List<int> Children(int parent)
    {
        List<int> children = [];
        foreach (string folder in Directory.GetDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int pid) && ParentOf(pid) == parent)
            {
                children.Add(pid);
            }
        }

        return children;
    }

    private static int ParentOf(int pid)
    {
        try
        {
            string stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return -1;
        }
    }
}
