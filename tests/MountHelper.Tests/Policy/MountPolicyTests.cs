using ServiceHost.MountProtocol;
using System.Text;

namespace MountHelper.Tests;

public sealed class MountPolicyTests
{
    private static ServicePolicy PolicyOf(string type, string text) =>
        MountPolicy.Parse(Encoding.Latin1.GetBytes(text)).For(ServiceType.Parse(Encoding.ASCII.GetBytes(type)));

    [Fact]
    public void Without_a_word_about_a_type_the_built_in_values_hold()
    {
        ServicePolicy policy = PolicyOf("ext4", "# nothing\n[ext2]\nrequire=full\n");

        Assert.Equal((ContainmentLevel.Plain, true, (uint?)null), (policy.Require, policy.Users, policy.MountMax));
        Assert.Equal(((ulong?)null, (uint?)null), (policy.MemoryMax, policy.TasksMax));
        Assert.Empty(policy.Allowed);
    }

    [Fact]
    public void The_section_of_a_type_wins_over_that_of_every_type_value_by_value()
    {
        const string Text = "[ext4]\nusers=no\nmemory_max=512M\n[*]\nrequire=full\nusers=yes\nmount_max=5\ntasks_max = 64\n";
        ServicePolicy ext4 = PolicyOf("fuse.ext4", Text);
        ServicePolicy other = PolicyOf("passthrough", Text);

        Assert.Equal((ContainmentLevel.Full, false, 5u), (ext4.Require, ext4.Users, ext4.MountMax));
        Assert.Equal((512UL << 20, 64u), (ext4.MemoryMax, ext4.TasksMax));
        Assert.Equal((ContainmentLevel.Full, true, (ulong?)null), (other.Require, other.Users, other.MemoryMax));
    }

    [Fact]
    public void Limits_become_properties_of_the_unit() =>
        Assert.Equal(["MemoryMax=536870912", "TasksMax=64"], UnitLimits.PropertiesOf(PolicyOf("a", "[a]\nmemory_max=512M\ntasks_max=64\n")));

    [Fact]
    public void Roles_and_paths_are_read_and_are_read_only_unless_they_say_rw()
    {
        ServicePolicy policy = PolicyOf("ext4", """
            [ ext4 ]   # journals on another disk
              allow = role journal /dev/sdb1 rw
            allow=path	/proc/pressure/memory
            allow=role log /var/x ro
            [fuse4fs]
            allow=role log /var/y rw
            """);

        Assert.Equal(3, policy.Allowed.Count);
        Assert.True(policy.FindRole("journal") is { Writable: true });
        Assert.Equal("/dev/sdb1"u8.ToArray(), policy.FindRole("journal")!.Path);
        Assert.False(policy.FindRole("log")!.Writable);
        Assert.False(policy.FindPath("/proc/pressure/memory"u8)!.Writable);
        Assert.Null(policy.FindPath("/dev/sdb1"u8));
    }

    [Theory]
    [InlineData("allow", "\"allow\" is neither [TYPE] nor key=value")]
    [InlineData("=yes", "\"=yes\" is neither [TYPE] nor key=value")]
    [InlineData("[a", "\"[a\" names no type; write [ext4] for fuse.ext4, or [*] for every type")]
    [InlineData("[]", "\"[]\" names no type; write [ext4] for fuse.ext4, or [*] for every type")]
    [InlineData("[../a]", "\"[../a]\" names no type; write [ext4] for fuse.ext4, or [*] for every type")]
    [InlineData("[a]", "[a] stands there twice")]
    [InlineData("users=yes", "\"users\" stands twice in its section")]
    [InlineData("require=maximum", "\"maximum\" is no value of require; write full or plain")]
    [InlineData("mount_max=-1", "\"-1\" is no value of mount_max; write a number")]
    [InlineData("mount_max=4294967296", "\"4294967296\" is no value of mount_max; write a number")]
    [InlineData("tasks_max=0", "\"0\" is no value of tasks_max; write a number")]
    [InlineData("memory_max=99999999999T", "\"99999999999T\" is no value of memory_max; write a number of bytes, such as 536870912 or 512M")]
    [InlineData("memory_max=", "\"\" is no value of memory_max; write a number of bytes, such as 536870912 or 512M")]
    [InlineData("allow=role journal", "\"role journal\" is no value of allow; write \"role ROLE PATH [ro|rw]\" or \"path PATH [ro|rw]\"")]
    [InlineData("allow=role journal sdb1", "\"role journal sdb1\" is no value of allow; write \"role ROLE PATH [ro|rw]\" or \"path PATH [ro|rw]\"")]
    [InlineData("allow=role source /a", "\"role source /a\" is no value of allow; write \"role ROLE PATH [ro|rw]\" or \"path PATH [ro|rw]\"")]
    [InlineData("allow=role jour/nal /a", "\"role jour/nal /a\" is no value of allow; write \"role ROLE PATH [ro|rw]\" or \"path PATH [ro|rw]\"")]
    [InlineData("allow=path /a RW", "\"path /a RW\" is no value of allow; write \"role ROLE PATH [ro|rw]\" or \"path PATH [ro|rw]\"")]
    [InlineData("allow=path /a\0b", "\"path /a\\u{0}b\" is no value of allow; write \"role ROLE PATH [ro|rw]\" or \"path PATH [ro|rw]\"")]
    [InlineData("p\u001bermit=all", "\"p\\u{1b}ermit\" is no key; the keys are require, users, mount_max, memory_max, tasks_max and allow")]
    public void The_first_line_that_means_nothing_ends_the_reading_by_its_number(string line, string problem)
    {
        MountFailedException failed = Assert.Throws<MountFailedException>(() => PolicyOf("a", "[a]\nusers=no\n" + line + "\nnor this"));

        Assert.Same(Rule.PolicyIsRoots, failed.Failure.Rule);
        Assert.Equal($"line 3 of /etc/fuservice.conf: {problem} [policy-is-roots]", failed.Failure.ToString());
    }

    [Theory]
    [InlineData("users=no", "line 1 of /etc/fuservice.conf: a value stands in front of the first section")]
    [InlineData("[*]\nallow=path /a", "line 2 of /etc/fuservice.conf: allow stands under [*]")]
    public void A_value_needs_its_section(string text, string problem)
    {
        MountFailedException failed = Assert.Throws<MountFailedException>(() => PolicyOf("a", text));

        Assert.Equal(problem, failed.Failure.Problem);
    }

    [Fact]
    public void Any_bytes_are_read_or_refused()
    {
        Random random = new(4);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] text = new byte[random.Next(60)];
            random.NextBytes(text);
            string words = string.Concat(Enumerable.Range(0, 6).Select(_ => random.GetItems(["[a]\n", "[*]", "users=", "allow=role ", "/x", "\n", "#", "=", "]", " "], 1)[0]));
            Exception? thrown = Record.Exception(() => PolicyOf("a", words + Encoding.Latin1.GetString(text)));
            Assert.True(thrown is null or MountFailedException, thrown?.ToString());
        }
    }
}
