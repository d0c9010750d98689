using ServiceHost.Linux;

namespace ServiceHost.Fuse;

/// <summary>What became of opens and registrations since the session began. Any thread.</summary>
public sealed class IoModeCounters
{
    private long _ordinaryOpens;
    private long _passthroughOpens;
    private long _busy;
    private long _registered;
    private long _released;
    private long _stacked;
    private long _quota;
    private long _otherRefusals;

    /// <summary>Opens that were granted cached or direct I/O.</summary>
    public long OrdinaryOpens => Interlocked.Read(ref _ordinaryOpens);

    /// <summary>Opens that were granted passthrough.</summary>
    public long PassthroughOpens => Interlocked.Read(ref _passthroughOpens);

    /// <summary>Writers that got ETXTBSY, because the file is open and could be registered for reading only.</summary>
    public long Busy => Interlocked.Read(ref _busy);

    public long Registered => Interlocked.Read(ref _registered);

    /// <summary>Ids given back: what is missing to <see cref="Registered"/> is open.</summary>
    public long Released => Interlocked.Read(ref _released);

    /// <summary>Registrations refused because the file's filesystem is stacked on another (ELOOP).</summary>
    public long RefusedAsStacked => Interlocked.Read(ref _stacked);

    /// <summary>Registrations refused because too many files are registered.</summary>
    public long RefusedByQuota => Interlocked.Read(ref _quota);

    /// <summary>Registrations refused for other reasons.</summary>
    public long RefusedOtherwise => Interlocked.Read(ref _otherRefusals);

    public override string ToString() =>
        $"{PassthroughOpens} opens in passthrough, {OrdinaryOpens} ordinary, {Busy} writers turned away; {Registered} files registered, "
        + $"{RefusedAsStacked} refused as stacked, {RefusedByQuota} by quota, {RefusedOtherwise} otherwise";

    internal void CountOpen(in IoGrant grant) =>
        Interlocked.Increment(ref grant.IsBusy ? ref _busy : ref grant.Mode == IoMode.Passthrough ? ref _passthroughOpens : ref _ordinaryOpens);

    internal void CountRegistered() => Interlocked.Increment(ref _registered);

    internal void CountReleased() => Interlocked.Increment(ref _released);

    internal void CountRefused(Errno errno) =>
        Interlocked.Increment(ref errno == Errno.ELOOP ? ref _stacked : ref IsQuota(errno) ? ref _quota : ref _otherRefusals);

    private static bool IsQuota(Errno errno) =>
        errno == Errno.ENOSPC || errno == Errno.EDQUOT || errno == Errno.EMFILE || errno == Errno.ENFILE;
}
