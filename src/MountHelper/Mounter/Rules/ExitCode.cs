namespace MountHelper;

/// <summary>
/// The exit codes of mount(8). 2 is never used: libfuse's helpers take it as "no service, run the driver without a sandbox".
/// </summary>
public static class ExitCode
{
    public const int Success = 0;
    public const int Usage = 1;
    public const int Internal = 4;
    public const int Interrupted = 8;
    public const int Failure = 32;
}
