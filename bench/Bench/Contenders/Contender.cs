namespace Bench.Contenders;

/// <summary>One of those that are compared: a way to have a tree at a place.</summary>
/// <param name="name">Column of the table.</param>
/// <param name="settings">What it was started with, for the report: equal settings have to be visible.</param>
internal abstract class Contender(string name, string settings)
{
    public string Name => name;

    public string Settings => settings;

    /// <summary>A peer that cannot be mounted is left out; ours must work.</summary>
    public virtual bool MayFail => false;

    /// <summary>Name of the server's processes as in /proc/PID/comm; null when no process serves it.</summary>
    public abstract string? ServerName { get; }

    /// <summary>Mounts <paramref name="source"/>, and returns where it is to be found.</summary>
    public abstract string Mount(string source, string mountPoint);

    /// <summary>Undoes <see cref="Mount"/>; afterwards no server runs any more.</summary>
    public virtual void Unmount(string mountPoint)
    {
        Unmounter.Unmount(mountPoint);
        if (ServerName is { } server)
        {
            ServerProcess.WaitForEnd(server);
        }
    }
}
