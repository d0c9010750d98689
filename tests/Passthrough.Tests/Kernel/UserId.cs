using ServiceHost.Linux;

namespace Passthrough.Tests;

/// <summary>Who runs the tests.</summary>
internal static class UserId
{
    private static readonly ThreadIdentity s_identity = Capture();

    public static uint Effective => s_identity.Uid;

    public static uint EffectiveGroup => s_identity.Gid;

    public static bool IsRoot => Effective == 0;

    private static ThreadIdentity Capture()
    {
        Assert.Equal(Errno.None, ThreadIdentity.Capture(out ThreadIdentity identity));
        return identity;
    }
}
