using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper.Tests;

internal static partial class BrokerCases
{
    private static IEnumerable<BrokerCase> Options()
    {
        yield return Option("wants suid", Rule.PrivilegedOptionsAreRoots, "suid and dev are for root", "suid");
        yield return Option("wants suid in its other spelling", Rule.PrivilegedOptionsAreRoots, "suid and dev are for root", "allow_suid");
        yield return Option("wants dev", Rule.PrivilegedOptionsAreRoots, "suid and dev are for root", "dev");
        yield return Option("wants ids of others", Rule.PrivilegedOptionsAreRoots, "idmap= and security contexts are for root", "idmap=70000-70001");
        yield return Option("wants a directory as it is", Rule.PrivilegedOptionsAreRoots, "idmap= and security contexts are for root", "idmap=off");
        yield return Option("wants the memory of others", Rule.PrivilegedOptionsAreRoots, "writeback_throttle=off is for root", "writeback_throttle=off");
        yield return Option("wants a security label", Rule.PrivilegedOptionsAreRoots, "idmap= and security contexts are for root", "context=system_u:object_r:etc_t");
        yield return Option("wants others to look", Rule.OthersAreAllowedByRoot, "allow_other is for root; the administrator can write user_allow_other", "allow_other");
        yield return Option("wants a remount", Rule.CallerIsRoot, "remount is for root", "remount,ro");
        yield return Option("gives the kernel a descriptor", Rule.CallerGivesNoKernelState, "is the kernel's own and cannot be given", "fd=3");
        yield return Option("gives the kernel another owner", Rule.CallerGivesNoKernelState, "is the kernel's own and cannot be given", "user_id=0");
        yield return Option("wants a bind mount", Rule.OptionsMakeOneMount, "changes mounts that exist", "bind");
        yield return Option("hides a word behind a control character", Rule.OptionsAreBounded, "contains a control character", "ro\nsuid");
        yield return Option("names a subtype that is none", Rule.OptionsAreUnderstood, "the value of subtype= is no name of a type", "subtype=a/b") with
        {
            Reaches = true,
            Server = static server =>
            {
                server.Greet();
                server.AskForMount();
                server.WaitForHangUp();
            },
        };
    }

    private static IEnumerable<BrokerCase> Policies()
    {
        const string Conf = "mkdir {dir}/etc; printf '{0}' >{dir}/etc/{1}; mount --bind {dir}/etc /etc";
        static string Etc(string text, string file) => Conf.Replace("{0}", text, StringComparison.Ordinal).Replace("{1}", file, StringComparison.Ordinal);
        static BrokerAnswer Good(BrokerStage stage) => stage.AskWith(stage.Mountpoint, stage.Reading, stage.Writing);
        yield return new BrokerCase("mounts a type that is root's", Rule.UsersMayMountTheType, "only root may mount calm (/etc/fuservice.conf says users=no)", Good)
            with { Prepare = Etc("[calm]\\nusers=no\\n", "fuservice.conf") };
        yield return new BrokerCase("mounts a type that is root's by default", Rule.UsersMayMountTheType, "only root may mount calm", Good)
            with { Prepare = Etc("[*]\\nusers=no\\n[other]\\nusers=yes\\n", "fuservice.conf") };
        yield return new BrokerCase("has as many mounts of the type as the policy says", Rule.MountsPerUserAreBounded, "uid 1000 has 0 calm mounts", Good)
            with { Prepare = Etc("[calm]\\nmount_max=0\\n", "fuservice.conf") };
        yield return new BrokerCase("has as many mounts as fuse.conf says", Rule.MountsPerUserAreBounded, "uid 1000 has 0 FUSE mounts", Good)
            with { Prepare = Etc("mount_max = 0\\n", "fuse.conf") };
        yield return new BrokerCase("has a server whose limits cannot be set", Rule.LimitsAreSet, "/etc/fuservice.conf", Good) with
        {
            // Whatever unit the tests themselves run in: it is not this case's to change.
            Prepare = Etc("[calm]\\nmemory_max=64M\\ntasks_max=9\\n", "fuservice.conf") + "; mount --bind /dev/null /usr/bin/systemctl",
            Reaches = true,
            Server = static server =>
            {
                server.SayHello();
                server.WaitForHangUp();
            },
        };
        yield return new BrokerCase("meets a fuse.conf that others can write", Rule.PolicyIsRoots, "/etc/fuse.conf is not a file that only root can write", Good)
            with { Prepare = Etc("user_allow_other\\n", "fuse.conf") + "; chmod 666 /etc/fuse.conf" };
        yield return new BrokerCase("has a server that asks for what the policy gives", Rule.PolicyGrantsAreRoots, "which /etc/fuservice.conf gives to root's mounts", Good)
            with
        {
            Prepare = Etc("[calm]\\nallow=role journal /etc/passwd\\n", "fuservice.conf"),
            Reaches = true,
            Server = static server => Denied(server, "journal"),
        };
    }

    /// <summary>The server is refused and gives up; what the caller reads is why.</summary>
    private static void Denied(ServerEnd server, string role)
    {
        server.Greet();
        Assert.True(server.Ask(role).Error.IsError);
        server.SayGoodbye(1, "cannot do without");
        server.WaitForHangUp();
    }

    private static IEnumerable<BrokerCase> Servers()
    {
        static BrokerAnswer Good(BrokerStage stage) => stage.AskWith(stage.Mountpoint, stage.Reading, stage.Writing);
        yield return new BrokerCase("gives a directory to a server of v1", Rule.V1DirectoriesAreRoots, "a server of v1 would serve it with rights that are not the caller's",
            static stage =>
            {
                BrokerMount request = stage.Mount with { Flags = BrokerMountFlags.HasSource | BrokerMountFlags.SourceForReading };
                return stage.Ask(request.Encode(), stage.Mountpoint, stage.Open("src", OpenFlags.Directory));
            }) with
        {
            V1 = true,
            Reaches = true,
            Server = static server =>
            {
                server.GreetV1();
                Assert.Equal(Errno.EPERM, server.Open(System.Text.Encoding.UTF8.GetString(server.Arguments[1])).Error);
                server.Bye(1);
                server.WaitForHangUp();
            },
        };
        yield return new BrokerCase("opened SOURCE for reading alone, for a server that writes", null, "Permission denied (EACCES)", static stage =>
        {
            BrokerMount request = stage.Mount with { Flags = BrokerMountFlags.HasSource | BrokerMountFlags.SourceForReading, WriteErrno = Errno.EACCES };
            return stage.Ask(request.Encode(), stage.Mountpoint, stage.Reading);
        }) with { Reaches = true, Server = static server => Denied(server, "source") };
        yield return new BrokerCase("could not open SOURCE, for a server that needs it", null, "{src}: No such file or directory", static stage =>
        {
            BrokerMount request = stage.Mount with { Flags = BrokerMountFlags.HasSource, ReadErrno = Errno.ENOENT };
            return stage.Ask(request.Encode(), stage.Mountpoint);
        }) with { Reaches = true, Server = static server => Denied(server, "source") };
        yield return new BrokerCase("has a server that is silent", Rule.OneDeadline, "the server did not answer within 2 s",
            static stage => stage.AskWithOptions("mount_timeout=2")) with { Reaches = true };
        yield return new BrokerCase("has a server that dies", Rule.EndsWithGoodbye, "the server ended without a goodbye", Good)
            with { Reaches = true, Server = static server => server.Greet() };
        yield return new BrokerCase("has a server that wants fuseblk", Rule.FuseblkNeedsRootAndDevice, "the server asked for a fuseblk mount", Good) with
        {
            Reaches = true,
            Server = static server =>
            {
                server.Greet();
                server.AskForMount(flags: MountRequestFlags.Fuseblk);
                server.WaitForHangUp();
            },
        };
        yield return new BrokerCase("has a server that wants a loop device", Rule.LoopDevicesAreRoots, "the server asked for a loop device over {src}", Good) with
        {
            Reaches = true,
            Server = static server =>
            {
                server.Greet();
                server.Say(new RoleRequest(SourceKinds.All, SourceAccess.Read, RoleFlags.Loop, "source").Encode());
                server.Receive();
                server.SayGoodbye(1, "cannot do without");
                server.WaitForHangUp();
            },
        };
        yield return new BrokerCase("changes its mind while the server works", Rule.SignalsRollBack, "interrupted by a signal", static stage =>
        {
            SeqpacketSocket socket = stage.Connect();
            Assert.True(socket.Send(stage.Mount.Encode(), [stage.Mountpoint, stage.Reading, stage.Writing], Deadline.In(BrokerStage.Patience)).IsOk);
            Assert.True(stage.ServerReached.Wait(Wait.Patience));
            Assert.True(socket.EndSending().IsOk);
            return BrokerStage.Receive(socket);
        }) with { Reaches = true };
        yield return new BrokerCase("sends a second packet", Rule.SignalsRollBack, "interrupted by a signal", static stage =>
        {
            SeqpacketSocket socket = stage.Connect();
            Assert.True(socket.Send(stage.Mount.Encode(), [stage.Mountpoint, stage.Reading, stage.Writing], Deadline.In(BrokerStage.Patience)).IsOk);
            Assert.True(socket.Send(stage.Mount.Encode(), [], Deadline.In(BrokerStage.Patience)).IsOk);
            return BrokerStage.Receive(socket);
        }) with { Reaches = null };
    }

    private static IEnumerable<BrokerCase> Unmounts()
    {
        const string NotTheirs = "{mnt} was not mounted by uid 1000; its owner, or root, can unmount it";
        yield return Unmount("unmounts a directory on which nothing is mounted", "{mnt} is not the root of a mount", "true");
        yield return Unmount("unmounts a mount of root's", NotTheirs, "mount -t tmpfs none {mnt}");
        yield return Unmount("unmounts by a link", "{mnt} is not the root of a mount", "mount -t tmpfs none {mnt}; ln -s mnt {dir}/link", "link");
        yield return Unmount("unmounts what is not there", "No such file or directory", "true", "nowhere") with { Rule = null };
        yield return Unmount("unmounts in a directory that it may not search", "Permission denied", "mkdir -m 700 {dir}/closed") with
        {
            Rule = Rule.UnmountIsTheOwners,
            Script = static stage => stage.Ask(stage.Unmount.Encode(), stage.Open("closed", OpenFlags.Path)),
            Problem = "may not be looked at by uid 1000",
        };
        yield return Malformed("unmounts by a path", static stage => (stage.Unmount with { Entry = "../mnt"u8.ToArray() }).Encode());
        yield return Malformed("unmounts the directory above", static stage => (stage.Unmount with { Entry = ".."u8.ToArray() }).Encode());
        yield return Malformed("unmounts an empty name", static stage => (stage.Unmount with { Entry = [] }).Encode());
        yield return Malformed("unmounts a name that is too long", static stage => (stage.Unmount with { Entry = new byte[256] }).Encode());
        yield return Malformed("unmounts with an unknown flag", static stage => (stage.Unmount with { Flags = (BrokerUnmountFlags)8 }).Encode());
        yield return new BrokerCase("unmounts with a directory that it opened", Rule.DescriptorsAreOpened, "has to be opened with O_PATH",
            static stage => stage.Ask(stage.Unmount.Encode(), stage.Open(".", OpenFlags.Directory)));
        yield return new BrokerCase("unmounts a type that is none", Rule.TypeIsOneComponent, "is no name of a filesystem type",
            static stage => stage.Ask((stage.Unmount with { Type = "../x"u8.ToArray() }).Encode(), stage.Open(".", OpenFlags.Path)));
        yield return new BrokerCase("unmounts with two descriptors", Rule.RequestsAreWellFormed, "came with 2 descriptors",
            static stage => stage.Ask(stage.Unmount.Encode(), stage.Open(".", OpenFlags.Path), stage.Open(".", OpenFlags.Path)));
    }

    private static BrokerCase Option(string name, Rule rule, string problem, string options) =>
        new(name, rule, problem, stage => stage.AskWithOptions(options));

    private static BrokerCase Unmount(string name, string problem, string prepare, string entry = "mnt") => new(
        name, Rule.UnmountIsTheOwners, problem,
        stage => stage.Ask((stage.Unmount with { Entry = BrokerStage.Bytes(entry) }).Encode(), stage.Open(".", OpenFlags.Path))) { Prepare = prepare };

    private static BrokerCase Malformed(string name, Func<BrokerStage, byte[]> packet) => new(
        name, Rule.RequestsAreWellFormed, "the request to unmount is malformed", stage => stage.Ask(packet(stage), stage.Open(".", OpenFlags.Path)));
}
