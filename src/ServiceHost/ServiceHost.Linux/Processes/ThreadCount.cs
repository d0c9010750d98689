using System.Buffers.Text;

namespace ServiceHost.Linux;

/// <summary>How many threads the calling process has, from /proc/self/status.</summary>
public static class ThreadCount
{
    /// <summary>A Native AOT process has its main thread and the finalizer thread.</summary>
    public const int OfRuntime = 2;

    public static Errno Read(out int threads)
    {
        threads = 0;
        Errno errno = ProcFile.Read("/proc/self/status\0"u8, out byte[] status);
        if (errno.IsError)
        {
            return errno;
        }

        return ProcFile.TryField(status, "Threads:"u8, out ReadOnlySpan<byte> value)
            && Utf8Parser.TryParse(value, out threads, out _)
            ? Errno.None
            : Errno.EPROTO;
    }
}
