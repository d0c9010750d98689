using System.Globalization;
using ServiceHost.Linux;

namespace MountHelper;

/// <summary>
/// memory_max= and tasks_max= of the policy, set on the unit of the server of a user's mount before it is given anything: systemctl set-property --runtime, run as
/// a program, because it is the one caller of systemd that every systemd machine has. Without such a line in the policy nothing is run.
/// </summary>
internal static class UnitLimits
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <summary>Root's mounts have the limits of the unit file: what the machine itself mounts is not to share the bounds of what users may try.</summary>
    public static void Apply(CallerIdentity caller, ServicePolicy policy, string unit)
    {
        List<string> properties = caller.IsRoot ? [] : PropertiesOf(policy);
        if (properties.Count == 0)
        {
            return;
        }

        MountFailedException.ThrowIfBroken(Rule.LimitsAreSet, unit.Length == 0,
            $"{MountPolicy.Path} limits this server, which runs in no systemd unit", "start it by its socket unit");
        string? problem = Run(["systemctl", "set-property", "--runtime", "--", unit, .. properties]);
        MountFailedException.ThrowIfBroken(Rule.LimitsAreSet, problem is not null,
            $"the limits of {MountPolicy.Path} cannot be set on {unit}: {problem}");
    }

    internal static List<string> PropertiesOf(ServicePolicy policy)
    {
        List<string> properties = [];
        if (policy.MemoryMax is ulong bytes)
        {
            properties.Add(string.Create(CultureInfo.InvariantCulture, $"MemoryMax={bytes}"));
        }

        if (policy.TasksMax is uint tasks)
        {
            properties.Add(string.Create(CultureInfo.InvariantCulture, $"TasksMax={tasks}"));
        }

        return properties;
    }

    /// <summary>null when it ended well.</summary>
    private static string? Run(List<string> command)
    {
        Errno errno = Libc.Openat(Fd.Cwd, CString.FromTerminated("/usr/bin/systemctl\0"u8), OpenFlags.Path, 0, out OwnedFd executable);
        using (executable)
        {
            ChildProgram program = null!;
            errno = errno.IsError ? errno : ChildProgram.Create(0, out program);
            if (errno.IsError)
            {
                return $"/usr/bin/systemctl: {errno}";
            }

            using (program)
            {
                program.ResetSignals();
                program.CloseFrom(3, executable.Number);
                program.DieWithParent();
                program.Announce();
                program.Execute(executable.Number, command, ["PATH=/usr/bin:/bin", "LC_ALL=C"]);
                ChildFailure? failure = ForkedChild.Start(program, endsInExec: true, Deadline.In(s_patience), out ForkedChild? child);
                using (child)
                {
                    return failure is { } failed ? failed.ToString() : Await(child!);
                }
            }
        }
    }

    private static string? Await(ForkedChild child)
    {
        if (Libc.WaitReadable(child.Pidfd, new Fd(-1), Deadline.In(s_patience)).IsError)
        {
            return "systemctl did not end in time";
        }

        ExitStatus status = child.Wait();
        return status is { Exited: true, Value: 0 } ? null : "systemctl failed";
    }
}
