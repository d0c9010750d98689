using System.Globalization;
using ServiceHost.Fuse;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;
using ServiceHost.Sandbox;

namespace GrantProbe;

/// <summary>What <see cref="ContainCommand"/> launches: contains and attests itself as a server does, and says what it found.</summary>
internal static class ContainedCommand
{
    internal const int DescriptorsNumber = 5;
    internal const int ThreadsNumber = 6;
    internal const int MountsNumber = 7;

    internal static int Run(string namespaces, string[] names)
    {
        Knobs knobs = new(names);
        Probe.Check(StageTwoSandbox.HideMemory(knobs.StageTwo), "undumpable");
        if (knobs["thread"])
        {
            new Thread(static () => Thread.Sleep(Timeout.Infinite)) { IsBackground = true }.Start();
        }

        using OwnedFd descriptors = OwnedFd.Take(DescriptorsNumber);
        using AttestationFiles files = new(descriptors, OwnedFd.Take(ThreadsNumber), OwnedFd.Take(MountsNumber));
        Probe.Check(FuseRingSet.Create(2, 2, restricted: !knobs["ring-restrictions"], out FuseRingSet? rings), "rings");
        uint[] ids = [.. namespaces.Split(',').Select(static id => uint.Parse(id, CultureInfo.InvariantCulture))];
        Attestation attestation = new(
            new AttestationExpectation
            {
                Identity = new StageTwoIdentity(knobs.Identity.Uid, knobs.Identity.Gid, []),
                Capabilities = knobs.Identity.Capabilities,
                Mounter = new NamespaceIds(ids[0], ids[1], ids[2], ids[3], ids[4]),
                Descriptors = [DescriptorsNumber, ThreadsNumber, MountsNumber, .. rings!.Rings.Select(static ring => ring.Number)],
                Rings = rings.Rings,
            },
            files);
        attestation.LookBeforeTheFilter();
        Probe.Check(StageTwoSandbox.Close(StageTwoSandbox.PolicyFor(ImageSystemCalls.Rules, hasRings: true), knobs.StageTwo), "close");
        attestation.LookBehindTheFilter();
        Output.Line($"plain: {Broken(attestation, ContainmentLevel.Plain)}");
        Output.Line($"full: {Broken(attestation, ContainmentLevel.Full)}");
        Output.Line($"level: {attestation.Level}");
        Output.Line($"refusal: {attestation.ExplainRefusal(ContainmentLevel.Plain)}");
        return 0;
    }

    private static string Broken(Attestation attestation, ContainmentLevel level) => string.Join(
        ' ', attestation.Broken.Where(broken => broken.Property.Level == level).Select(static broken => broken.Property.Name).Order(StringComparer.Ordinal));
}
