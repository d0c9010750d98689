namespace Servers.Ext4;

/// <summary>
/// Tells the owner of the volume about damage that did not fail the operation which met it. The library does not log; how often a line
/// is written is the owner's affair.
/// </summary>
internal sealed class FaultLog(Action<Ext4Error>? sink)
{
    public void Report(in Ext4Error fault) => sink?.Invoke(fault);
}
