using System.Diagnostics;
using System.Globalization;
using ServiceHost.Linux;

namespace ServiceHost.Tests.Processes;

/// <summary>A user namespace that belongs to a uid and maps 0 to 65535 to a range nobody uses, as the Mounter makes one.</summary>
internal sealed class OwnedNamespace : IDisposable
{
    private const string Map = "0 2013265920 65536\n";
    private readonly Process _holder;

    public OwnedNamespace(uint owner)
    {
        string id = owner.ToString(CultureInfo.InvariantCulture);
        _holder = Process.Start("setpriv", ["--reuid", id, "--regid", id, "--clear-groups", "unshare", "--user", "sleep", "60"]);
        string process = string.Create(CultureInfo.InvariantCulture, $"/proc/{_holder.Id}");
        string own = new FileInfo("/proc/self/ns/user").LinkTarget!;
        Wait.For("the namespace", () => new FileInfo(process + "/ns/user").LinkTarget is { } other && other != own);
        File.WriteAllText(process + "/uid_map", Map);
        File.WriteAllText(process + "/gid_map", Map);
        Assert.True(Libc.OpenUserNamespace(_holder.Id, out OwnedFd handle).IsOk);
        Handle = handle;
    }

    public OwnedFd Handle { get; }

    public void Dispose()
    {
        Handle.Dispose();
        _holder.Kill();
        _holder.WaitForExit();
        _holder.Dispose();
    }
}
