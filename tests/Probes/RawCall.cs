using System.Runtime.InteropServices;
using System.Text;
using ServiceHost.Linux;

namespace Probes;

/// <summary>System calls without any of the product's care, as an attacker makes them.</summary>
internal static unsafe partial class RawCall
{
    internal const int Cwd = -100;

    private const int SYS_exit_group = 231;
    private const int SYS_wait4 = 61;

    internal static string Open(int directory, string path, OpenFlags flags, int mode = 0) => Closed(OpenNumber(directory, path, flags, mode));

    /// <summary>The descriptor, or the negative error number.</summary>
    internal static long OpenNumber(int directory, string path, OpenFlags flags, int mode = 0)
    {
        fixed (byte* p = Encoding.UTF8.GetBytes(path + "\0"))
        {
            return Result(openat(directory, p, (int)flags, mode));
        }
    }

    /// <summary>"OK" or the name of the error. Arguments are numbers, strings and byte arrays.</summary>
    internal static string Call(int number, params object[] arguments) => Say(Number(number, arguments));

    /// <summary>The same for a call that makes a descriptor, which is closed again.</summary>
    internal static string CallForDescriptor(int number, params object[] arguments) => Closed(Number(number, arguments));

    /// <summary>What the call returned, or the negative error number.</summary>
    internal static long Number(int number, params object[] arguments)
    {
        nint[] words = new nint[6];
        List<GCHandle> pins = [];
        for (int i = 0; i < arguments.Length; i++)
        {
            words[i] = arguments[i] switch
            {
                int value => value,
                uint value => (nint)value,
                long value => (nint)value,
                nint value => value,
                string text => Pin(Encoding.UTF8.GetBytes(text + "\0")),
                byte[] bytes => Pin(bytes),
                nint[] array => Pin(array),
                _ => throw new ArgumentException($"A system call takes no {arguments[i].GetType()}.", nameof(arguments)),
            };
        }

        long result = Result(syscall(number, words[0], words[1], words[2], words[3], words[4], words[5]));
        pins.ForEach(static pin => pin.Free());
        return result;

        nint Pin(Array array)
        {
            pins.Add(GCHandle.Alloc(array, GCHandleType.Pinned));
            return pins[^1].AddrOfPinnedObject();
        }
    }

    /// <summary>
    /// A call that makes a child with a copy of this memory, in which nothing of the runtime works: it leaves at once, or, with an address,
    /// executes that program before.
    /// </summary>
    internal static string Fork(int number, nint flags = 0)
    {
        long pid = syscall_in_child(number, flags, 0, 0, 0, 0, 0);
        if (pid == 0)
        {
            syscall_in_child(SYS_exit_group, 0, 0, 0, 0, 0, 0);
        }

        return pid < 0 ? new Errno(Marshal.GetLastSystemError()).Name : Say(Number(SYS_wait4, (int)pid, 0, 0, 0));
    }

    internal static string Say(long result) => result < 0 ? new Errno((int)-result).Name : "OK";

    internal static string Closed(long result)
    {
        if (result >= 0)
        {
            _ = close((int)result);
        }

        return Say(result);
    }

    private static long Result(long result) => result < 0 ? -Marshal.GetLastPInvokeError() : result;

    [LibraryImport("libc", SetLastError = true)]
    private static partial int openat(int directory, byte* path, int flags, int mode);

    [LibraryImport("libc")]
    private static partial int close(int number);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint syscall(nint number, nint a, nint b, nint c, nint d, nint e, nint f);

    // No transition of the collector on the way back: in the child the threads that it would wait for do not exist.
    [SuppressGCTransition]
    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint syscall_in_child(nint number, nint a, nint b, nint c, nint d, nint e, nint f);
}
