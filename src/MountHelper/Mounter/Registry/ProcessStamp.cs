using System.Globalization;
using System.Text;
using ServiceHost.Linux;

namespace MountHelper.Registry;

/// <summary>A process that cannot be confused with a later one of the same pid: pid and start time in clock ticks since boot.</summary>
public readonly record struct ProcessStamp(int Pid, ulong StartTicks)
{
    // proc(5): starttime is field 22; the fields are counted after the command, which is in parentheses and may contain anything.
    private const int StartFieldAfterCommand = 19;

    public static ProcessStamp Current => Of(Environment.ProcessId) ?? new ProcessStamp(Environment.ProcessId, 0);

    public bool IsAlive => Of(Pid) == this;

    private static ProcessStamp? Of(int pid)
    {
        byte[] path = CString.Allocate(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
        if (ProcFile.Read(path, out byte[] stat).IsError)
        {
            return null;
        }

        string[] fields = Encoding.ASCII.GetString(stat.AsSpan(stat.AsSpan().LastIndexOf((byte)')') + 1)).Split(
            ' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > StartFieldAfterCommand
            && ulong.TryParse(fields[StartFieldAfterCommand], NumberStyles.None, CultureInfo.InvariantCulture, out ulong start)
            ? new ProcessStamp(pid, start)
            : null;
    }
}
