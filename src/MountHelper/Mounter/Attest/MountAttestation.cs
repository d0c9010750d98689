using System.Text;
using MountHelper.Grants;
using MountHelper.Mounting;
using MountHelper.Registry;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper.Attest;

/// <summary>
/// --attest MOUNTPOINT: how well the server of a live mount is contained, as far as it can be seen from outside. The mount is not asked
/// for anything, and no word of its server counts.
/// </summary>
public static class MountAttestation
{
    /// <summary>Prints a table and returns whether the level that the policy requires of the type is reached.</summary>
    public static bool Run(byte[] mountpoint, Action<string> print)
    {
        ArgumentNullException.ThrowIfNull(mountpoint);
        ArgumentNullException.ThrowIfNull(print);
        string display = DisplayText.FromBytes(mountpoint);
        byte[] path = [.. mountpoint, 0];
        Errno errno = Libc.Openat(Fd.Cwd, CString.FromTerminated(path), OpenFlags.Path | OpenFlags.NoFollow, 0, out OwnedFd root);
        using (root)
        {
            if (errno.IsError)
            {
                throw new MountFailedException(display, errno);
            }

            MountTableEntry? entry = MountedFilesystem.Find(root);
            if (entry is null || !MountedFilesystem.IsOfType(entry, null))
            {
                throw new MountFailedException(new MountFailure($"{display} is not the root of a mount of a FUSE server"));
            }

            MountName name = MountName.Of(root);
            using MountRegistry registry = Mounter.OpenRegistry();
            return Report(display, entry, name, registry.Find(name), print);
        }
    }

    private static bool Report(string display, MountTableEntry entry, MountName name, RegistryEntry? known, Action<string> print)
    {
        string type = DisplayText.FromBytes(Encoding.Latin1.GetBytes(entry.Type));
        HostIdRange range = known?.Range ?? default;
        print($"{display}: {type}, connection {name.Connection}{(known is null ? ", not in the registry" : known.Unit.Length > 0 ? $", {known.Unit}" : "")}");
        ILookup<bool, int> holders = ServerProcesses.Find(name, range).ToLookup(KeeperProcess.Is);
        foreach (int keeper in holders[true])
        {
            print($"process {keeper}: the keeper of its files, with CAP_SYS_ADMIN and nothing to use it on but that");
        }

        IReadOnlyList<int> processes = [.. holders[false]];
        ContainmentLevel level = processes.Count == 0 ? ContainmentLevel.None : ContainmentLevel.Full;
        foreach (int process in processes)
        {
            ContainmentLevel reached = Report(process, range, print);
            level = reached < level ? reached : level;
        }

        ContainmentLevel required = MountPolicy.Load().For(ServiceType.Parse(Encoding.ASCII.GetBytes(known?.Type ?? entry.Type.Split('.', 2)[1]))).Require;
        print(processes.Count == 0
            ? "no process holds this mount"
            : "landlock, filter-refuses, undumpable, securebits: cannot be seen from outside; the server has tried them before it read anything");
        print($"level {LevelRequirement.NameOf(level)}, {LevelRequirement.NameOf(required)} is required");
        return level >= required;
    }

    private static ContainmentLevel Report(int process, HostIdRange range, Action<string> print)
    {
        Errno errno = MountTable.Read(out MountTable host);
        if (errno.IsError)
        {
            throw new MountFailedException("the mount table", errno);
        }

        ProcessObserver observer = new(process, range, host);
        print($"process {process}: {observer.Title}");
        IReadOnlyList<Observation> observations = observer.Observe();
        foreach (Observation observation in observations)
        {
            print($"  {observation.Property,-26} {(observation.Holds ? "yes" : "NO "),-4} {DisplayText.FromBytes(Encoding.Latin1.GetBytes(observation.Found))}");
        }

        bool misses(ContainmentLevel level) => observations.Any(observation => !observation.Holds && observation.Level == level);
        return misses(ContainmentLevel.Plain) ? ContainmentLevel.None : misses(ContainmentLevel.Full) ? ContainmentLevel.Plain : ContainmentLevel.Full;
    }
}
