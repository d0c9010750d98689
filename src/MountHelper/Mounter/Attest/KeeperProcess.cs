using System.Globalization;
using System.Text;
using ServiceHost.Linux;

namespace MountHelper.Attest;

/// <summary>
/// Whether a process that holds a mount is its keeper and no more: our program, not root, with CAP_SYS_ADMIN alone and behind a filter. It serves nothing, so it
/// is not measured as a server; with any other right it would be.
/// </summary>
internal static class KeeperProcess
{
    private const string Program = "/fuservice-keeper";

    public static bool Is(int process)
    {
        string directory = string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/");
        return FdLink.ReadPath(directory + "exe").EndsWith(Program, StringComparison.Ordinal)
            && ProcFile.Read(CString.Allocate(directory + "status"), out byte[] status).IsOk
            && !Field(status, "Uid:").Split('\t').Contains("0")
            && Has(status, "CapEff:", CapabilitySet.SysAdmin.ToString())
            && Has(status, "CapPrm:", CapabilitySet.SysAdmin.ToString())
            && Has(status, "NoNewPrivs:", "1")
            && Has(status, "Seccomp:", "2");
    }

    private static bool Has(byte[] status, string key, string value) => Field(status, key) == value;

    private static string Field(byte[] status, string key) =>
        ProcFile.TryField(status, Encoding.ASCII.GetBytes(key), out ReadOnlySpan<byte> value) ? Encoding.ASCII.GetString(value) : "";
}
