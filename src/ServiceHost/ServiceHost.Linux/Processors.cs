using System.Globalization;
using System.Text;

namespace ServiceHost.Linux;

/// <summary>The CPUs of the machine, as the kernel counts them.</summary>
public static class Processors
{
    /// <summary>
    /// CPUs that there are or that could ever be plugged in, of which there may be many more than are there; 0 where the kernel's list
    /// cannot be read.
    /// </summary>
    public static int Possible =>
        ProcFile.Read("/sys/devices/system/cpu/possible\0"u8, out byte[] list).IsOk ? Count(Encoding.ASCII.GetString(list)) : 0;

    /// <summary>Counts a list like "0-3,8"; 0 when it is none.</summary>
    public static int Count(string list)
    {
        int count = 0;
        foreach (string range in list.Trim().Split(','))
        {
            string[] ends = range.Split('-');
            if (!int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out int first)
                || !int.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out int last)
                || last < first)
            {
                return 0;
            }

            count += last - first + 1;
        }

        return count;
    }
}
