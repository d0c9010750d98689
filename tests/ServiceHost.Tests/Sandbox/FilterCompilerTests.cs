using ServiceHost.Linux;
using ServiceHost.Sandbox;

namespace ServiceHost.Tests.Sandbox;

/// <summary>The program that the kernel gets says the same as the policy, for every number and with arguments that are near misses.</summary>
public sealed class FilterCompilerTests
{
    private const uint I386 = 0x4000_0003;
    private const uint Aarch64 = 0xC000_00B7;
    private const ulong Stack = 0x7FFF_0000_0000;

    // Where the kernel begins when it maps from below.
    private const ulong Bottom = 0x2AAA_AAAA_A000;

    private static readonly ulong[] s_nothing = new ulong[6];

    private static SystemCallPolicy Image => StageTwoSandbox.PolicyFor(ImageSystemCalls.Rules);

    [Fact]
    public void Every_number_gets_the_answer_of_the_policy()
    {
        FilterInstruction[] program = FilterCompiler.Compile(Image);
        for (uint number = 0; number <= 600; number++)
        {
            AssertSame(Image, program, SystemCallPolicy.Architecture, number, s_nothing);
        }
    }

    [Theory]
    [InlineData(I386)]
    [InlineData(Aarch64)]
    [InlineData(0u)]
    public void Every_call_of_another_architecture_is_refused(uint architecture)
    {
        FilterInstruction[] program = FilterCompiler.Compile(Image);
        for (uint number = 0; number <= 600; number++)
        {
            Assert.Equal(FilterCompiler.Refused(Errno.EPERM), BpfInterpreter.Run(program, architecture, number, s_nothing));
        }
    }

    [Fact]
    public void Every_call_of_x32_is_refused()
    {
        FilterInstruction[] program = FilterCompiler.Compile(Image);
        for (uint number = 0; number <= 600; number++)
        {
            uint x32 = SystemCallPolicy.FirstForeignNumber | number;
            Assert.Equal(FilterCompiler.Refused(Errno.EPERM), BpfInterpreter.Run(program, SystemCallPolicy.Architecture, x32, s_nothing));
        }
    }

    [Fact]
    public void Arguments_are_looked_at_bit_by_bit()
    {
        FilterInstruction[] program = FilterCompiler.Compile(Image);
        int compared = 0;
        foreach (SystemCallRule rule in Image.Rules)
        {
            foreach (ArgumentCheck check in rule.Alternatives.SelectMany(static checks => checks))
            {
                ulong[] arguments = new ulong[6];
                foreach (ArgumentCheck other in rule.Alternatives.First(checks => checks.Contains(check)))
                {
                    arguments[other.Index] = other.Value;
                }

                AssertSame(Image, program, SystemCallPolicy.Architecture, (uint)rule.Call, arguments);
                for (int bit = 0; bit < 64; bit++)
                {
                    ulong[] changed = [.. arguments];
                    changed[check.Index] ^= 1UL << bit;
                    AssertSame(Image, program, SystemCallPolicy.Architecture, (uint)rule.Call, changed);
                    compared++;
                }
            }
        }

        Assert.True(compared > 1000, $"only {compared} comparisons");
    }

    [Fact]
    public void Random_policies_and_their_programs_agree()
    {
        Random random = new(20_260_101);
        for (int round = 0; round < 200; round++)
        {
            SystemCallPolicy policy = new(RandomRules(random));
            FilterInstruction[] program = FilterCompiler.Compile(policy);
            for (int i = 0; i < 500; i++)
            {
                ulong[] arguments = [.. Enumerable.Range(0, 6).Select(_ => RandomWord(random))];
                uint number = random.Next(10) == 0 ? (uint)random.NextInt64(uint.MaxValue) : (uint)random.Next(470);
                AssertSame(policy, program, random.Next(20) == 0 ? I386 : SystemCallPolicy.Architecture, number, arguments);
            }
        }
    }

    [Fact]
    public void A_refusal_has_the_errno_of_its_rule()
    {
        FilterInstruction[] program = FilterCompiler.Compile(Image);
        uint answer = BpfInterpreter.Run(program, SystemCallPolicy.Architecture, (uint)X64Call.Clone3, s_nothing);
        Assert.Equal(FilterCompiler.Refused(Errno.ENOSYS), answer);
    }

    [Theory]
    [InlineData(X64Call.Socket)]
    [InlineData(X64Call.Connect)]
    [InlineData(X64Call.Sendmsg)]
    [InlineData(X64Call.SchedSetaffinity)]
    [InlineData(X64Call.Execve)]
    [InlineData(X64Call.Execveat)]
    [InlineData(X64Call.Openat)]
    [InlineData(X64Call.Openat2)]
    [InlineData(X64Call.IoUringSetup)]
    [InlineData(X64Call.Ptrace)]
    [InlineData(X64Call.ProcessVmReadv)]
    [InlineData(X64Call.Bpf)]
    [InlineData(X64Call.Keyctl)]
    [InlineData(X64Call.Userfaultfd)]
    [InlineData(X64Call.MemfdCreate)]
    [InlineData(X64Call.Kill)]
    [InlineData(X64Call.Setns)]
    [InlineData(X64Call.Mount)]
    [InlineData(X64Call.Seccomp)]
    [InlineData(X64Call.PidfdGetfd)]
    public void A_server_of_an_image_cannot(X64Call call) => Assert.True(Image.Decide(SystemCallPolicy.Architecture, (uint)call, s_nothing).IsError);

    /// <summary>Columns: address (or the old one), flags, new address.</summary>
    public static TheoryData<X64Call, ulong, ulong, ulong, bool> MemoryCalls => new()
    {
        { X64Call.Munmap, Stack, 0, 0, true },
        { X64Call.Munmap, Bottom, 0, 0, true },
        { X64Call.Munmap, FixedDot.Address, 0, 0, false },
        { X64Call.Munmap, 0, 0, 0, false },
        { X64Call.Mprotect, Stack, 0, 0, true },
        { X64Call.Mprotect, FixedDot.Address - 4096, 0, 0, false },
        { X64Call.Madvise, Stack, 0, 0, true },
        { X64Call.Madvise, FixedDot.Address, 0, 0, false },
        { X64Call.Mmap, 0, 0x22, 0, true },
        { X64Call.Mmap, Stack, 0x32, 0, true },
        { X64Call.Mmap, FixedDot.Address, 0x22, 0, true },
        { X64Call.Mmap, FixedDot.Address, 0x32, 0, false },
        { X64Call.Mmap, 0, 0x32, 0, false },
        { X64Call.Mremap, Stack, 1, 0, true },
        { X64Call.Mremap, Stack, 3, Bottom, true },
        { X64Call.Mremap, Stack, 3, FixedDot.Address, false },
        { X64Call.Mremap, FixedDot.Address, 1, 0, false },
        { X64Call.Mremap, FixedDot.Address, 3, Stack, false },
    };

    [Theory]
    [MemberData(nameof(MemoryCalls))]
    public void Low_memory_stays_what_it_is(X64Call call, ulong address, ulong flags, ulong newAddress, bool allowed)
    {
        ulong[] arguments = [address, 4096, call == X64Call.Mmap ? 3UL : call == X64Call.Mprotect ? 1UL : 4096, flags, newAddress, 0];
        Assert.Equal(allowed, Image.Decide(SystemCallPolicy.Architecture, (uint)call, arguments).IsOk);
        AssertSame(Image, FilterCompiler.Compile(Image), SystemCallPolicy.Architecture, (uint)call, arguments);
    }

    [Fact]
    public void Rules_for_one_call_add_up()
    {
        SystemCallPolicy policy = new([SystemCallRule.AllowOneOf(X64Call.Fcntl, 1, 1)], [SystemCallRule.AllowOneOf(X64Call.Fcntl, 1, 3)]);
        FilterInstruction[] program = FilterCompiler.Compile(policy);
        for (ulong command = 0; command < 5; command++)
        {
            Errno expected = command is 1 or 3 ? Errno.None : Errno.EPERM;
            Assert.Equal(expected, policy.Decide(SystemCallPolicy.Architecture, (uint)X64Call.Fcntl, [0, command, 0, 0, 0, 0]));
            AssertSame(policy, program, SystemCallPolicy.Architecture, (uint)X64Call.Fcntl, [0, command, 0, 0, 0, 0]);
        }
    }

    private static void AssertSame(SystemCallPolicy policy, FilterInstruction[] program, uint architecture, uint number, ulong[] arguments)
    {
        Errno meant = policy.Decide(architecture, number, arguments);
        uint expected = meant.IsOk ? FilterCompiler.Allowed : FilterCompiler.Refused(meant);
        Assert.Equal(expected, BpfInterpreter.Run(program, architecture, number, arguments));
    }

    private static IEnumerable<SystemCallRule> RandomRules(Random random)
    {
        for (int i = random.Next(120); i > 0; i--)
        {
            X64Call call = (X64Call)random.Next(470);
            yield return random.Next(4) switch
            {
                0 => SystemCallRule.Refuse(call, new Errno(random.Next(1, 134))),
                1 => SystemCallRule.AllowWhen(call, [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => RandomCheck(random))]),
                2 => SystemCallRule.AllowOneOf(call, random.Next(6), [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => (uint)random.Next(8))]),
                _ => SystemCallRule.Allow(call),
            };
        }
    }

    private static ArgumentCheck RandomCheck(Random random)
    {
        ulong mask = RandomWord(random) | (1UL << random.Next(64));
        return new ArgumentCheck(random.Next(6), mask, RandomWord(random) & mask);
    }

    // Small numbers, so that equal ones are met.
    private static ulong RandomWord(Random random) => random.Next(3) switch
    {
        0 => (ulong)random.Next(8),
        1 => (ulong)random.Next(4) << 32,
        _ => (ulong)random.NextInt64(),
    };
}
