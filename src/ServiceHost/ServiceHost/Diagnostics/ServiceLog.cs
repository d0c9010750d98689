using System.Globalization;
using System.Text;
using ServiceHost.Connection;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace ServiceHost.Diagnostics;

/// <summary>
/// Lines on standard error, which is the journal under systemd (then with sd-daemon(3) priority prefixes) and a terminal or a file
/// elsewhere. Once the mount is known, under systemd, entries of the journal that name it; what those cannot take goes to standard error as before.
/// Any thread may write. Text is made harmless line by line: part of it was chosen by others.
/// </summary>
public sealed class ServiceLog
{
    /// <summary>Set by systemd when it has connected standard output or error to the journal.</summary>
    internal const string JournalVariable = "JOURNAL_STREAM";

    private const int Burst = 100;
    private const int StandardErrorNumber = 2;

    private readonly string _name;
    private readonly bool _prefixes;
    private readonly RateLimit _limit;
    private volatile MountJournal? _journal;

    /// <param name="prefixes">The reader of standard error understands "&lt;N&gt;".</param>
    public ServiceLog(string name, bool prefixes, TimeProvider? time = null)
    {
        _name = name;
        _prefixes = prefixes;
        _limit = new RateLimit(Burst, TimeSpan.FromSeconds(10), time ?? TimeProvider.System);
    }

    public static ServiceLog ForProcess(string name) =>
        new(name, prefixes: Environment.GetEnvironmentVariable(JournalVariable) is { Length: > 0 } stream && stream == IdentityOfStandardError());

    /// <summary>Whether standard error leads to the journal, so that its own socket is the better way.</summary>
    internal bool LeadsToJournal => _prefixes;

    public void Error(string line) => Write(LogLevel.Error, line);

    public void Warning(string line) => Write(LogLevel.Warning, line);

    public void Notice(string line) => Write(LogLevel.Notice, line);

    public void Info(string line) => Write(LogLevel.Info, line);

    /// <summary>A trace, which somebody has asked for and which says nothing with lines missing: no limit.</summary>
    public void Debug(string line) => Write(LogLevel.Debug, line);

    /// <summary>A bug: the exception with its stack, as one entry that the rate limit takes or leaves as a whole.</summary>
    public void Bug(string what, Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        Write(LogLevel.Error, $"{what}: {exception}");
    }

    /// <summary>From now on every entry names the mount. The socket stays open as long as the process.</summary>
    internal void Identify(OwnedFd socket, ServiceArguments arguments) => _journal = new MountJournal(socket, _name, arguments);

    // systemd.exec(5): "device:inode" of the stream that the journal reads. A program further down may have redirected it.
    private static string? IdentityOfStandardError() =>
        Libc.Statx(new Fd(StandardErrorNumber), StatxMask.Ino, out Statx stat).IsOk
            ? string.Create(CultureInfo.InvariantCulture, $"{DeviceNumber.Encode64(stat.DevMajor, stat.DevMinor)}:{stat.Ino}")
            : null;

    private void Write(LogLevel level, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int suppressed = 0;
        if (level != LogLevel.Debug && !_limit.TryPass(out suppressed))
        {
            return;
        }

        if (suppressed > 0)
        {
            Emit(LogLevel.Warning, [$"{suppressed} lines were suppressed"]);
        }

        Emit(level, [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Harmless)]);
    }

    private void Emit(LogLevel level, string[] lines)
    {
        if (_journal is { } journal && journal.Send(level, string.Join('\n', lines)).IsOk)
        {
            return;
        }

        foreach (string line in lines)
        {
            StandardError.WriteLine(_prefixes ? $"<{(int)level}>{line}" : $"{_name}: {line}");
        }
    }

    private static string Harmless(string line) => DisplayText.FromBytes(Encoding.UTF8.GetBytes(line.TrimEnd('\r')));
}
