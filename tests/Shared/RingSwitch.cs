using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Tests.Shared;

/// <summary>
/// FUSE over io_uring is switched on for the whole machine, by a parameter of the kernel's. Whoever needs it holds one of these: it is on as
/// long as anybody does, and afterwards as it was. A lock on the folder of the parameter keeps the tests of other processes from switching
/// it off in between.
/// </summary>
internal sealed class RingSwitch : IDisposable
{
    private const string Folder = "/sys/module/fuse/parameters";
    private const string Parameter = Folder + "/enable_uring";
    private const int O_DIRECTORY_CLOEXEC = 0x9_0000;
    private const int LOCK_EX = 2;

    private static readonly Lock s_lock = new();
    private static int s_holders; // under s_lock, like the next ones
    private static SafeFileHandle? s_folder;
    private static string s_before = "";

    private bool _isReleased;

    private RingSwitch()
    {
    }

    /// <summary>CPUs that the machine could ever have: so many queues the kernel demands.</summary>
    public static int PossibleCpus => File.ReadAllText("/sys/devices/system/cpu/possible").Trim().Split('-', ',').Select(int.Parse).Max() + 1;

    /// <summary>Skips the test on a kernel that has no such transport, or where it cannot be switched on.</summary>
    public static RingSwitch TurnOn() => Hold("Y");

    /// <summary>The same with the transport switched off; not while a test of this process has it on.</summary>
    public static RingSwitch TurnOff() => Hold("N");

    private static RingSwitch Hold(string value)
    {
        Assert.SkipUnless(File.Exists(Parameter), "this kernel has no FUSE over io_uring (it came with Linux 6.14)");
        lock (s_lock)
        {
            if (s_holders == 0)
            {
                Open(value);
            }

            Assert.Equal(value, File.ReadAllText(Parameter).Trim());
            s_holders++;
        }

        return new RingSwitch();
    }

    public void Dispose()
    {
        lock (s_lock)
        {
            if (_isReleased)
            {
                return;
            }

            _isReleased = true;
            if (--s_holders == 0)
            {
                Close();
            }
        }
    }

    private static void Open(string value)
    {
        s_folder = open(Folder, O_DIRECTORY_CLOEXEC);
        Assert.Equal(0, flock((int)s_folder.DangerousGetHandle(), LOCK_EX));
        s_before = File.ReadAllText(Parameter).Trim();
        if (s_before != value)
        {
            Write(value);
        }
    }

    private static void Close()
    {
        if (File.ReadAllText(Parameter).Trim() != s_before)
        {
            Write(s_before);
        }

        s_folder!.Dispose();
    }

    private static void Write(string value)
    {
        try
        {
            File.WriteAllText(Parameter, value);
        }
        catch (Exception refusal) when (refusal is UnauthorizedAccessException or IOException)
        {
            s_folder!.Dispose();
            Assert.Skip($"FUSE over io_uring cannot be switched here: {refusal.Message}");
        }
    }

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi)]
    private static extern SafeFileHandle open(string path, int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int flock(int fd, int operation);
}
