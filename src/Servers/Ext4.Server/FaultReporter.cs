using System.Globalization;

namespace Servers.Ext4.Server;

/// <summary>
/// One line for damage that was met, but no flood: a crafted image can be damaged everywhere, and a walk would meet all of it. The log
/// limits the rate of lines as well; this limits what a whole mount may say.
/// </summary>
internal sealed class FaultReporter(Action<string> warn)
{
    private const int MostLines = 200;
    private int _lines;

    public void Report(Ext4Error error)
    {
        int line = Interlocked.Increment(ref _lines);
        if (line <= MostLines)
        {
            warn(error.ToString());
        }

        if (line == MostLines)
        {
            warn(string.Create(CultureInfo.InvariantCulture, $"{MostLines} faults were reported: this mount reports no more"));
        }
    }
}
