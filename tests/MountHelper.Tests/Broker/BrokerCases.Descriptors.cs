using System.Runtime.InteropServices;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper.Tests;

internal static partial class BrokerCases
{
    private static IEnumerable<BrokerCase> Descriptors()
    {
        const string Proves = "came as an O_PATH descriptor, which proves no right to it";
        const string Kind = "{src} is neither a regular file nor a block device nor a directory";
        yield return Opened("sends a mountpoint with O_PATH", "the mountpoint {mnt} " + Proves,
            static stage => stage.AskWith(stage.Open("mnt", OpenFlags.Path), stage.Reading, stage.Writing));
        yield return Opened("sends a SOURCE with O_PATH that only root can open", "{src} " + Proves,
            static stage => stage.AskWith(stage.Mountpoint, stage.Open("other", OpenFlags.Path), stage.Open("other", OpenFlags.Path)))
            with { Prepare = "chmod 600 {dir}/other" };
        yield return Opened("sends a descriptor for reading as one for writing", "{src} was not opened for reading and writing",
            static stage => stage.AskWith(stage.Mountpoint, stage.Reading, stage.Reading));
        yield return Opened("sends a descriptor for writing alone", "{src} was not opened for reading and writing",
            static stage => stage.AskWith(stage.Mountpoint, stage.Reading, stage.Open("img", OpenFlags.WriteOnly)));
        yield return Opened("sends a descriptor for writing as one for reading", "{src} was not opened for reading alone",
            static stage => stage.AskWith(stage.Mountpoint, stage.Writing, stage.Writing));
        yield return Opened("sends a descriptor that appends", "that a server cannot be given",
            static stage => stage.AskWith(stage.Mountpoint, stage.Reading, stage.Open("img", OpenFlags.ReadWrite | OpenFlags.Append)));
        yield return Opened("sends a file without a name", "that a server cannot be given", static stage =>
        {
            OwnedFd file = stage.Open("src", OpenFlags.TemporaryFile | OpenFlags.ReadWrite);
            return stage.AskWith(stage.Mountpoint, file, file);
        });
        yield return Opened("sends two different files as one", "{src} came as two different files",
            static stage => stage.AskWith(stage.Mountpoint, stage.Open("src/file", OpenFlags.ReadOnly), stage.Writing));
        yield return Opened("sends a file to mount on that it can only read", "the mountpoint {mnt} is a file that was not opened for writing",
            static stage => stage.AskWith(stage.Open("other", OpenFlags.ReadOnly), stage.Reading, stage.Writing));
        yield return new BrokerCase("opens for writing what shall be mounted read-only", Rule.ReadOnlyMeansReadOnly,
            "{src} was opened for writing, for a mount that is read-only", static stage => stage.AskWithOptions("ro"));
        yield return Source("sends a socket", Kind, static stage =>
        {
            Assert.True(SeqpacketSocket.CreatePair(SeqpacketOptions.None, out SeqpacketSocket? one, out SeqpacketSocket? two).IsOk);
            stage.Hold(two!.Handle);
            return stage.Hold(one!.Handle);
        });
        yield return Source("sends a pipe", "was not opened for", static stage => Pipe(stage)) with { Rule = Rule.OnlyFilesDevicesDirectories, Problem = Kind };
        yield return Source("sends a character device", Kind, static stage => stage.Open("/dev/null", OpenFlags.ReadWrite));
        yield return Source("sends a FIFO", Kind, static stage => stage.Open("src/fifo", OpenFlags.ReadWrite)) with { Prepare = "mkfifo -m 666 {dir}/src/fifo" };
        yield return Source("sends an eventfd", Kind, static stage =>
        {
            Assert.True(Libc.Eventfd(out OwnedFd fd).IsOk);
            return stage.Hold(fd);
        });
    }

    private static IEnumerable<BrokerCase> Mountpoints()
    {
        yield return Mountpoint("mounts on somebody else's directory", Rule.MountpointIsTheCallers, "uid 1000 may not write to the mountpoint {mnt}",
            static stage => stage.Open("theirs", OpenFlags.Directory)) with { Prepare = "mkdir {dir}/theirs" };
        yield return Mountpoint("mounts on a directory of a group it is not in", Rule.MountpointIsTheCallers, "may not write to the mountpoint",
            static stage => stage.Open("theirs", OpenFlags.Directory)) with { Prepare = "mkdir -m 2775 {dir}/theirs; chgrp 77 {dir}/theirs", Groups = [78] };
        yield return Mountpoint("mounts on its own directory that nobody may write to", Rule.MountpointIsTheCallers, "may not write to the mountpoint",
            static stage => stage.Mountpoint) with { Prepare = "chmod 500 {mnt}" };
        yield return Mountpoint("mounts on its own directory that it may not search", Rule.MountpointIsTheCallers, "may not write to the mountpoint",
            static stage => stage.Mountpoint) with { Prepare = "chmod 600 {mnt}" };
        yield return Mountpoint("mounts on a sticky directory of root's", Rule.MountpointIsTheCallers, "is sticky and not owned by uid 1000",
            static stage => stage.Open("sticky", OpenFlags.Directory)) with { Prepare = "mkdir -m 1777 {dir}/sticky" };
        yield return Mountpoint("mounts on what is mounted read-only", Rule.MountpointIsTheCallers, "Read-only file system",
            static stage => stage.Mountpoint) with { Prepare = "mount --bind {mnt} {mnt}; mount -o remount,bind,ro {mnt}" };
        yield return Mountpoint("mounts on a file of proc", Rule.MountpointFilesystemIsAllowed, "users may not mount over proc (filesystem type 0x00009fa0)",
            static stage => stage.Open($"/proc/{File.ReadAllText(stage.Sandbox.In("pid")).Trim()}/comm", OpenFlags.WriteOnly))
            with { Prepare = "setpriv --reuid=1000 --regid=1000 --clear-groups sleep 20 >/dev/null 2>&1 & echo $! >{dir}/pid; until grep -q sleep /proc/$!/comm; do :; done" };
        yield return Mountpoint("mounts on a directory of hugetlbfs", Rule.MountpointFilesystemIsAllowed, "users may not mount over hugetlbfs",
            static stage => stage.Mountpoint) with { Prepare = "mount -t hugetlbfs -o uid=1000,mode=755 none {mnt}" };
        yield return Mountpoint("mounts on a directory of mqueue", Rule.MountpointFilesystemIsAllowed, "users may not mount over mqueue",
            static stage => stage.Mountpoint) with { Prepare = "mount -t mqueue none {mnt}; chown 1000 {mnt}" };
        yield return Mountpoint("mounts on a memfd", Rule.MountpointIsUncovered, "is not in the mount namespace of the broker", static stage => Memfd(stage));
        yield return Mountpoint("mounts on a directory of another mount namespace", Rule.MountpointIsUncovered, "is not in the mount namespace of the broker",
            static stage => stage.OutsideMountpoint);
        yield return Mountpoint("has its mountpoint covered between open and request", Rule.MountpointIsUncovered, "something was mounted on {mnt} meanwhile",
            static stage => Then(stage, stage.Mountpoint, "mount -t tmpfs none {mnt}"));
        yield return Mountpoint("has its mountpoint removed between open and request", null, "cannot attach the mount to the mountpoint: No such file or directory",
            static stage => Then(stage, stage.Mountpoint, "rmdir {mnt}")) with { Reaches = true, Server = MountAndSayGoodbye };
        yield return Mountpoint("mounts on a socket", Rule.MountpointIsDirectoryOrFile, "is neither a directory nor a regular file", static stage => stage.Connect().Handle);
        yield return Mountpoint("mounts on a device", Rule.MountpointIsDirectoryOrFile, "is neither a directory nor a regular file",
            static stage => stage.Open("/dev/null", OpenFlags.ReadWrite));
    }

    private static void MountAndSayGoodbye(ServerEnd server)
    {
        server.MountProperly();
        server.SayGoodbye();
        server.WaitForHangUp();
    }

    private static BrokerCase Opened(string name, string problem, Func<BrokerStage, BrokerAnswer> script) => new(name, Rule.DescriptorsAreOpened, problem, script);

    private static BrokerCase Source(string name, string problem, Func<BrokerStage, OwnedFd> fd) => new(
        name, Rule.OnlyFilesDevicesDirectories, problem, stage =>
        {
            OwnedFd source = fd(stage);
            return stage.AskWith(stage.Mountpoint, source, source);
        });

    private static BrokerCase Mountpoint(string name, Rule? rule, string problem, Func<BrokerStage, OwnedFd> fd) => new(
        name, rule, problem, stage => stage.AskWith(fd(stage), stage.Reading, stage.Writing));

    private static OwnedFd Then(BrokerStage stage, OwnedFd fd, string command)
    {
        stage.AsRoot(command);
        return fd;
    }

    private static OwnedFd Pipe(BrokerStage stage)
    {
        Assert.True(Libc.Pipe(out OwnedFd read, out OwnedFd write).IsOk);
        stage.Hold(write);
        return stage.Hold(read);
    }

    private static OwnedFd Memfd(BrokerStage stage)
    {
        int number = memfd_create("m", 1);
        Assert.True(number >= 0);
        return stage.Hold(OwnedFd.Take(number));
    }

    [DllImport("libc", CharSet = CharSet.Ansi)]
    private static extern int memfd_create(string name, uint flags);
}
