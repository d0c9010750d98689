using MountHelper.Attest;
using ServiceHost.Linux;

namespace MountHelper.FuserviceMount;

/// <summary>Does what the command line asks for. Its result is the exit code; whatever goes wrong is thrown with its own.</summary>
internal sealed class Command(Invocation invocation, OwnedFd stop)
{
    public int Run()
    {
        switch (invocation.Kind)
        {
            case InvocationKind.Help:
                StandardError.WriteLine(new Fd(1), HelpText.Text);
                return ExitCode.Success;
            case InvocationKind.Version:
                StandardError.WriteLine(new Fd(1), $"fuservicemount {typeof(Command).Assembly.GetName().Version?.ToString(3)}");
                return ExitCode.Success;
            case InvocationKind.Check:
                return Check();
            case InvocationKind.Wait:
                SourceWait.Run(invocation.Source!, MountOptionSplitter.Split(invocation.OptionLists).Timeout, stop);
                return ExitCode.Success;
            default:
                ThrowIfSetuid();
                return Libc.Getuid() == 0 ? RunForRoot() : RunForUser();
        }
    }

    private int Check()
    {
        if (Mounter.IsServicePresent(invocation.Type!, MountOptionSplitter.Split(invocation.OptionLists).Protocol))
        {
            return ExitCode.Success;
        }

        Message.Write($"no service of type {invocation.Type!.Name} is there");
        return ExitCode.Usage;
    }

    private int Mount()
    {
        MountOptions options = MountOptionSplitter.Split(invocation.OptionLists);
        if (options.Remount)
        {
            return Remount(options);
        }

        using MountPlan plan = PlanBuilder.Build(invocation, options, stop, Message.Write);
        plan.Say($"mounting {plan.Display} as {plan.Type.MountType}");
        foreach (OptionWord word in options.IgnoredWords)
        {
            plan.Say($"passed over the option {word.Display}");
        }

        try
        {
            if (invocation.Fake)
            {
                Mounter.Check(plan);
            }
            else
            {
                Mounter.Mount(plan);
            }
        }
        catch (MountFailedException failed)
        {
            throw new MountFailedException(failed.Failure with { Problem = $"{plan.Display}: {failed.Failure.Problem}" });
        }

        return ExitCode.Success;
    }

    private int Remount(MountOptions options)
    {
        using MountNamespace? other = invocation.Namespace is null ? null : MountNamespace.Open(invocation.Namespace);
        using (other?.Enter())
        {
            using MountTarget root = MountTarget.Pin(invocation.Mountpoint);
            Remounter.Remount(root, invocation.Type!, options, apply: !invocation.Fake);
        }

        return ExitCode.Success;
    }

    private int Unmount()
    {
        using MountNamespace? other = invocation.Namespace is null ? null : MountNamespace.Open(invocation.Namespace);
        using (other?.Enter())
        {
            new UnmountRequest
            {
                Mountpoint = invocation.Mountpoint,
                Type = invocation.Type,
                Force = invocation.Force,
                Lazy = invocation.Lazy,
                ReadOnlyWhenBusy = invocation.ReadOnlyWhenBusy,
            }.Run();
        }

        return ExitCode.Success;
    }

    private int Attest() =>
        MountAttestation.Run(invocation.Mountpoint, static line => StandardError.WriteLine(new Fd(1), line)) ? ExitCode.Success : ExitCode.Failure;

    private int UnmountUnit()
    {
        UnitUnmount.Run(invocation.Unit, Message.Write);
        return ExitCode.Success;
    }

    private int RunForRoot() => invocation.Kind switch
    {
        InvocationKind.Unmount => Unmount(),
        InvocationKind.UnmountUnit => UnmountUnit(),
        InvocationKind.Attest => Attest(),
        _ => Mount(),
    };

    /// <summary>Everybody but root asks the broker, which reaches only into its own mount namespace and changes no mount that is there.</summary>
    private int RunForUser()
    {
        if (Rule.CallerIsRoot.IsBrokenBy(invocation.Namespace is not null))
        {
            throw OptionError.Because(Rule.CallerIsRoot, "-N is for root");
        }

        if (Rule.CallerIsRoot.IsBrokenBy(invocation.Kind is InvocationKind.UnmountUnit or InvocationKind.Attest))
        {
            string option = invocation.Kind == InvocationKind.Attest ? "--attest" : "--unmount-unit";
            throw OptionError.Because(Rule.CallerIsRoot, $"{option} is for root");
        }

        if (invocation.Kind == InvocationKind.Unmount)
        {
            return new UsersUnmount(invocation, stop).Run();
        }

        MountOptions options = MountOptionSplitter.Split(invocation.OptionLists);
        if (Rule.CallerIsRoot.IsBrokenBy(options.Remount || invocation.Type!.FuseBlk))
        {
            throw OptionError.Because(Rule.CallerIsRoot, options.Remount ? "remount is for root" : "fuseblk mounts are for root");
        }

        using UsersMount mount = new(invocation, options, stop);
        return invocation.Fake ? mount.Check() : mount.Run();
    }

    /// <summary>This program has no privilege of its own and never will have (no setuid bit, no file capability).</summary>
    private static void ThrowIfSetuid()
    {
        if (Rule.CallerIsRoot.IsBrokenBy(Libc.Getuid() != ProcessIdentity.EffectiveUid))
        {
            throw OptionError.Because(Rule.CallerIsRoot, "this program must not be setuid", "remove the bit; users mount by way of the broker");
        }
    }
}
