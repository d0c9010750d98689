using System.Text;
using ServiceHost.Linux;

namespace MountHelper.FuserviceMount;

/// <summary>
/// Variables that ordinary callers have (a shell, systemd, sudo), and that neither the loader, nor the C library as it is used here, nor the runtime, nor
/// this program reads. Whoever has only such ones may as well have none. What is not known is not harmless.
/// </summary>
internal static class HarmlessEnvironment
{
    private static readonly string[] s_names =
    [
        "PATH", "PWD", "OLDPWD", "HOME", "USER", "LOGNAME", "SHELL", "SHLVL", "_", "MAIL", "TERM", "COLORTERM", "HOSTNAME", "container",
        "LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "LC_COLLATE", "LC_MESSAGES", "LC_MONETARY", "LC_NUMERIC", "LC_TIME",
        "INVOCATION_ID", "JOURNAL_STREAM", "SYSTEMD_EXEC_PID", "MANAGERPID",
        "SUDO_COMMAND", "SUDO_USER", "SUDO_UID", "SUDO_GID",
    ];

    /// <summary>Whether this process began with no others. A word that is no assignment is none of them.</summary>
    public static bool IsAll() =>
        ProcFile.Read("/proc/self/environ\0"u8, out byte[] text).IsOk && RawArguments.Split(text).TrueForAll(static word => s_names.Contains(NameOf(word)));

    private static string NameOf(byte[] word)
    {
        int end = word.AsSpan().IndexOf((byte)'=');
        return end < 0 ? "" : Encoding.Latin1.GetString(word, 0, end);
    }
}
