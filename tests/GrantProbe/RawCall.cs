using System.Runtime.InteropServices;
using System.Text;
using ServiceHost.Linux;

namespace GrantProbe;

/// <summary>System calls without any of the product's care, as an attacker makes them.</summary>
internal static unsafe partial class RawCall
{
    internal const int Cwd = -100;

    internal static string Open(int directory, string path, OpenFlags flags, int mode = 0) =>
        Result(openat(directory, Encoding.UTF8.GetBytes(path + "\0"), (int)flags, mode), close: true);

    internal static long OpenNumber(int directory, string path, OpenFlags flags) =>
        openat(directory, Encoding.UTF8.GetBytes(path + "\0"), (int)flags, 0);

    internal static string Call(int number, params object[] arguments)
    {
        nint[] words = new nint[6];
        List<GCHandle> pins = [];
        for (int i = 0; i < arguments.Length; i++)
        {
            words[i] = arguments[i] switch
            {
                int value => value,
                long value => (nint)value,
                string text => Pin(Encoding.UTF8.GetBytes(text + "\0")),
                byte[] bytes => Pin(bytes),
                _ => throw new ProbeException("argument"),
            };
        }

        string result = Result(syscall(number, words[0], words[1], words[2], words[3], words[4], words[5]), close: false);
        pins.ForEach(static pin => pin.Free());
        return result;

        nint Pin(byte[] bytes)
        {
            pins.Add(GCHandle.Alloc(bytes, GCHandleType.Pinned));
            return pins[^1].AddrOfPinnedObject();
        }
    }

    private static string Result(long result, bool close)
    {
        if (result < 0)
        {
            return new Errno(Marshal.GetLastPInvokeError()).Name;
        }

        if (close)
        {
            _ = close_number((int)result);
        }

        return "OK";
    }

    private static long openat(int directory, byte[] path, int flags, int mode)
    {
        fixed (byte* p = path)
        {
            return openat_native(directory, p, flags, mode);
        }
    }

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true)]
    private static partial int openat_native(int directory, byte* path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int close_number(int number);

    [LibraryImport("libc", SetLastError = true)]
    private static partial long syscall(nint number, nint a, nint b, nint c, nint d, nint e, nint f);
}
