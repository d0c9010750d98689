using System.Collections;
using ServiceHost.Diagnostics;
using ServiceHost.Linux;
using ServiceHost.Stages;

namespace ServiceHost.Sandbox;

/// <summary>The process as a whole: what the filter refuses, its memory, limits, session, directory and environment.</summary>
internal static class ProcessChecks
{
    private static readonly string[] s_variables = [StageTwoState.EnvironmentName, ServiceLog.JournalVariable];

    public static void Check(PropertyReport report)
    {
        CheckFilter(report, "socket", ContainmentProbe.OpenSocket());
        CheckFilter(report, "execveat", ContainmentProbe.Execute());
        CheckFilter(report, "unshare", ContainmentProbe.NestUserNamespace());
        CheckFilter(report, "sched_setaffinity", ContainmentProbe.ChooseCpus());
        CheckFilter(report, "io_uring_setup", ContainmentProbe.MakeRing());
        CheckFilter(report, "io_uring_register", ContainmentProbe.ChangeRing());
        CheckMemory(report);
        report(ContainmentProperty.Dumpable, !ContainmentProbe.IsDumpable, "a tracer or a core could have its memory");
        CheckLimit(report, ContainmentProperty.CoreLimit, ResourceKind.CoreSize, 0);
        CheckLimit(report, ContainmentProperty.ThreadLimit, ResourceKind.ProcessCount, StageOneLimits.ThreadsOfSharedUid);
        CheckLimit(report, ContainmentProperty.MemoryLimit, ResourceKind.Data, StageOneLimits.Data);
        report(ContainmentProperty.Session, ContainmentProbe.LeadsSession, "it shares the session of whoever started it");
        Errno errno = Libc.GetWorkingDirectory(out string directory);
        report(ContainmentProperty.WorkingDirectory, errno.IsOk && directory == "/", errno.IsOk ? directory : errno.ToString());
        CheckEnvironment(report);
    }

    private static void CheckFilter(PropertyReport report, string call, Errno answer) =>
        report(ContainmentProperty.Filter, answer == SystemCallRule.StandardRefusal, $"{call}: {(answer.IsOk ? "allowed" : answer.Name)}");

    private static void CheckMemory(PropertyReport report)
    {
        Errno mapped = ContainmentProbe.MapExecutable();
        report(ContainmentProperty.ExecutableMemory, mapped.IsError, "memory can be mapped writable and executable");
        Errno changed = ContainmentProbe.MakeExecutable();
        report(ContainmentProperty.ExecutableMemory, changed.IsError, "written memory can be made executable");
    }

    private static void CheckLimit(PropertyReport report, ContainmentProperty property, ResourceKind resource, ulong most)
    {
        Errno errno = Libc.GetLimit(resource, out ResourceLimit limit);
        report(property, errno.IsOk && limit.Hard <= most, $"{limit.Hard}, {most} is allowed");
    }

    private static void CheckEnvironment(PropertyReport report)
    {
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            report(ContainmentProperty.Environment, s_variables.Contains(variable.Key), $"{variable.Key} is set");
        }
    }
}
