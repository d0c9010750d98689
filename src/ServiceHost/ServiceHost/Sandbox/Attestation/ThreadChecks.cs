using System.Globalization;
using ServiceHost.Linux;

namespace ServiceHost.Sandbox;

/// <summary>
/// What holds each thread down. Only a thread itself can tell all of it, and at this point there are two: this one and the
/// runtime's finalizer. A third that nobody knows of is a failure of its own. Threads that are made later inherit from this one.
/// </summary>
internal static class ThreadChecks
{
    private const int SeccompFilterMode = 2;

    public static void Check(AttestationExpectation expected, AttestationFiles files, PropertyReport report)
    {
        ThreadRestrictions?[] answers = [ThreadRestrictions.ReadOwn(), FinalizerThread.Ask()];
        Errno errno = StateDirectory.ListOpen(files.Threads, out List<string> present);
        foreach (string thread in present)
        {
            bool answered = answers.Any(answer => answer?.ThreadId.ToString(CultureInfo.InvariantCulture) == thread);
            report(ContainmentProperty.Threads, answered, $"thread {thread} cannot be asked");
        }

        report(ContainmentProperty.Threads, errno.IsOk && present.Count > 0, $"the threads cannot be listed: {errno}");
        foreach (ThreadRestrictions answer in answers.OfType<ThreadRestrictions>())
        {
            CheckOne(expected, answer, report);
        }
    }

    private static void CheckOne(AttestationExpectation expected, ThreadRestrictions thread, PropertyReport report)
    {
        CapabilitySet kept = expected.Capabilities;
        CheckSet(ContainmentProperty.Effective, thread, thread.Effective, kept, report);
        CheckSet(ContainmentProperty.Permitted, thread, thread.Permitted, kept, report);
        CheckSet(ContainmentProperty.Inheritable, thread, thread.Inheritable, CapabilitySet.Empty, report);
        CheckSet(ContainmentProperty.Bounding, thread, thread.Bounding, kept, report);
        CheckSet(ContainmentProperty.Ambient, thread, thread.Ambient, CapabilitySet.Empty, report);

        // A unit without any capability cannot lock the bits, and has nothing that they could give back.
        const SecureBits noAmbient = SecureBits.NoAmbientRaise | SecureBits.NoAmbientRaiseLocked;
        bool locked = thread.SecureBits.HasFlag(noAmbient) || thread.Bounding.IsEmpty;
        report(ContainmentProperty.SecureBits, locked, $"thread {thread.ThreadId}: {thread.SecureBits}");
        report(ContainmentProperty.NoNewPrivileges, thread.NoNewPrivileges, $"thread {thread.ThreadId} could gain privileges by exec");
        report(
            ContainmentProperty.Seccomp, thread.SeccompMode == SeccompFilterMode,
            $"thread {thread.ThreadId} has seccomp mode {thread.SeccompMode}");
    }

    private static void CheckSet(
        ContainmentProperty property, ThreadRestrictions thread, CapabilitySet found, CapabilitySet allowed, PropertyReport report) =>
        report(property, allowed.Contains(found), $"thread {thread.ThreadId} has {found}, {allowed} is allowed");
}
