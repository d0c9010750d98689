using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper.Tests;

internal sealed partial class ServerEnd
{
    private bool _attested;

    public Hello ReceiveHello()
    {
        Assert.True(Hello.TryDecode(Receive(), out Hello hello));
        return hello;
    }

    public void SayHello()
    {
        ReceiveHello();
        Say(new HelloReply(1, HelloFeatures.None).Encode());
    }

    /// <summary>HELO, OLEH, ARGV: from here on a server may ask.</summary>
    public CallerArguments Greet()
    {
        SayHello();
        Assert.True(CallerArguments.TryDecode(Receive(), out CallerArguments arguments));
        return arguments;
    }

    public Grant Ask(string role, SourceKinds kinds = SourceKinds.All, SourceAccess access = SourceAccess.ReadWrite, RoleFlags flags = RoleFlags.None)
    {
        Say(new RoleRequest(kinds, access, flags, role).Encode());
        Assert.True(Grant.TryDecode(Receive(Granted), out Grant grant));
        return grant;
    }

    /// <summary>What every server of ours says before it asks for its mount.</summary>
    public void Attest(ContainmentLevel level = ContainmentLevel.Plain, string text = "") => Say(new Attested(level, text).Encode());

    public void AskForMount(uint devices = 1, uint rootMode = MountRequest.DirectoryRoot, MountRequestFlags flags = MountRequestFlags.None)
    {
        if (!_attested)
        {
            _attested = true;
            Attest();
        }

        Say(new MountRequest(flags, rootMode, 0, 0, devices).Encode());
    }

    public MountReply Mount(uint devices = 1, uint rootMode = MountRequest.DirectoryRoot)
    {
        AskForMount(devices, rootMode);
        Assert.True(MountReply.TryDecode(Receive(Devices), out MountReply reply));
        Assert.Equal(Errno.None, reply.Error);
        return reply;
    }

    /// <summary>Greeting, mount and an INIT that the kernel accepts.</summary>
    public void MountProperly()
    {
        Greet();
        Mount();
        FakeFuse.AnswerInit(Devices[0]);
    }

    public void SayGoodbye(uint code = 0, string text = "") => Say(new Goodbye(code, text).Encode());

    public Done ReceiveDone()
    {
        Assert.True(Done.TryDecode(Receive(), out Done done));
        return done;
    }
}
