namespace Bench.Contenders;

/// <summary>The kernel's switch for FUSE over io_uring. run.sh turns it on for the run where it can.</summary>
internal static class UringParameter
{
    private const string Path = "/sys/module/fuse/parameters/enable_uring";

    public static bool IsOn => File.Exists(Path) && File.ReadAllText(Path).Trim() is "Y" or "1";

    public static string WhyNot => File.Exists(Path) ? $"{Path} is off" : "this kernel has no FUSE over io_uring";
}
