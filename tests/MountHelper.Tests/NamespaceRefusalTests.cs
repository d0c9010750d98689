using MountHelper.Grants;
using ServiceHost.Linux;

namespace MountHelper.Tests;

/// <summary>The two ways a kernel refuses a user namespace are explained; nothing else is explained away.</summary>
public sealed class NamespaceRefusalTests
{
    [Fact]
    public void A_refusal_by_the_kernel_says_where_it_can_come_from()
    {
        Assert.Contains("chroot", UserNamespaceGrant.WayOut(new ChildFailure(ChildStep.Unshare, Errno.EPERM)), StringComparison.Ordinal);
        Assert.Contains("user.max_user_namespaces", UserNamespaceGrant.WayOut(new ChildFailure(ChildStep.Unshare, Errno.ENOSPC)), StringComparison.Ordinal);
    }

    [Fact]
    public void Other_failures_speak_for_themselves()
    {
        Assert.Equal("", UserNamespaceGrant.WayOut(new ChildFailure(ChildStep.SetUid, Errno.EPERM)));
        Assert.Equal("", UserNamespaceGrant.WayOut(new ChildFailure(ChildStep.Unshare, Errno.ENOMEM)));
    }
}
