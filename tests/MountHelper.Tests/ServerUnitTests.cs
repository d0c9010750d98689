using System.Text;

namespace MountHelper.Tests;

public sealed class ServerUnitTests
{
    [Theory]
    [InlineData("/fuservice.slice/fuservice-passthrough@7-12.service", "fuservice-passthrough@7-12.service")]
    [InlineData("/system.slice/a.service/inner", "a.service")]
    [InlineData("/user.slice/user-0.slice/user@0.service/app.slice/b.service", "b.service")]
    [InlineData("/user.slice/session-1.scope", "")]
    [InlineData("/", "")]
    [InlineData("", "")]
    [InlineData("/a\u001b.service", "a\\u{1b}.service")]
    public void The_unit_is_the_innermost_service_of_the_group(string group, string unit) =>
        Assert.Equal(unit, ServerUnit.UnitOf(Encoding.UTF8.GetBytes(group)));
}
