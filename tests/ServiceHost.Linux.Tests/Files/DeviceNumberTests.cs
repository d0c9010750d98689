using ServiceHost.Linux;

namespace ServiceHost.Linux.Tests;

public class DeviceNumberTests
{
    [Theory]
    [InlineData(1u, 3u)]
    [InlineData(10u, 229u)]
    [InlineData(253u, 256u)]
    [InlineData(4095u, 1_048_575u)]
    public void Both_encodings_mean_the_same_device(uint major, uint minor) =>
        Assert.Equal(DeviceNumber.Encode64(major, minor), DeviceNumber.Widen(DeviceNumber.Encode32(major, minor)));

    [Fact]
    public void The_encodings_are_the_kernels_and_the_c_librarys()
    {
        Assert.Equal(0x103u, DeviceNumber.Encode32(1, 3));
        Assert.Equal(0x0010_FD00u, DeviceNumber.Encode32(253, 256));
        Assert.Equal(0x10_FD00ul, DeviceNumber.Encode64(253, 256));
    }
}
