using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace ServiceHost.Sandbox;

/// <summary>
/// A server's look at itself, by asking the kernel and by trying what must fail. It is in two halves around the filter, because the
/// filter refuses what Landlock is tried with. What it finds is true only as long as nothing hostile was read, so it comes before that.
/// </summary>
internal sealed class Attestation(AttestationExpectation expected, AttestationFiles files)
{
    private readonly List<BrokenProperty> _broken = [];

    public IReadOnlyList<BrokenProperty> Broken => _broken;

    /// <summary>What holds altogether: a level is reached when nothing of it, or of one below it, is broken.</summary>
    public ContainmentLevel Level =>
        _broken.Exists(static broken => broken.Property.Level == ContainmentLevel.Plain) ? ContainmentLevel.None
        : _broken.Count > 0 ? ContainmentLevel.Plain
        : ContainmentLevel.Full;

    public void LookBeforeTheFilter()
    {
        FileChecks.CheckLandlock(files, Report);
        FileChecks.CheckRoot(files, Report);
    }

    public void LookBehindTheFilter()
    {
        IdentityChecks.Check(expected, Report);
        ThreadChecks.Check(expected, files, Report);
        ProcessChecks.Check(Report);
        RingChecks.Check(expected.Rings, Report);
        FileChecks.CheckDescriptors(expected, files, Report);
        NamespaceChecks.Check(expected, files, Report);
    }

    /// <summary>The one line of a refusal, or null when the level is reached.</summary>
    public string? ExplainRefusal(ContainmentLevel required)
    {
        List<BrokenProperty> missing = _broken.FindAll(broken => broken.Property.Level <= required);
        return missing.Count == 0 ? null : $"not contained as required: {string.Join(", ", missing)}";
    }

    private void Report(ContainmentProperty property, bool holds, string found)
    {
        if (!holds && !_broken.Exists(broken => broken.Property == property))
        {
            _broken.Add(new BrokenProperty(property, found));
        }
    }
}
