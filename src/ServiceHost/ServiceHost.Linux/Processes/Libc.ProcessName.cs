namespace ServiceHost.Linux;

public static unsafe partial class Libc
{
    private const int PR_SET_NAME = 15;

    /// <summary>prctl(PR_SET_NAME): what ps and pgrep show of the calling thread, 15 bytes of it. An exec through /proc/self/exe leaves "exe".</summary>
    public static void SetThreadName(CString name)
    {
        fixed (byte* p = name.Terminated)
        {
            _ = SystemCall.Call(SystemCallNumber.Prctl, PR_SET_NAME, (nint)p);
        }
    }
}
