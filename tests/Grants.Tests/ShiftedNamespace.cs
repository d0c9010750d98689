using System.Diagnostics;
using MountHelper.Grants;
using ServiceHost.Linux;

namespace Grants.Tests;

/// <summary>
/// A user namespace with a map, made by unshare(1) and held by a descriptor: what id-mapping a mount needs, in a process that cannot make
/// one itself.
/// </summary>
internal sealed class ShiftedNamespace : IDisposable
{
    internal const uint Base = IdPool.First + 0x100000;

    internal ShiftedNamespace()
    {
        using Process holder = Process.Start(new ProcessStartInfo("unshare", ["--user", "--", "sleep", "1000"]))!;
        string own = new FileInfo("/proc/self/ns/user").LinkTarget!;
        Wait.For(() => new FileInfo($"/proc/{holder.Id}/ns/user").LinkTarget, link => link is not null && link != own);
        byte[] map = System.Text.Encoding.ASCII.GetBytes($"0 {Base} 65536\n");
        Assert.Equal(Errno.None, Libc.WriteIdMap(holder.Id, "uid_map", map));
        Assert.Equal(Errno.None, Libc.WriteIdMap(holder.Id, "gid_map", map));
        Assert.Equal(Errno.None, Libc.OpenUserNamespace(holder.Id, out OwnedFd descriptor));
        Descriptor = descriptor;
        holder.Kill();
        holder.WaitForExit();
    }

    internal OwnedFd Descriptor { get; }

    public void Dispose() => Descriptor.Dispose();
}
