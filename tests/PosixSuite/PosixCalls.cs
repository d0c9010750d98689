using System.Runtime.CompilerServices;
using System.Text;
using ServiceHost.Linux;

namespace PosixSuite;

/// <summary>What cases are written with: checks that say what was asked, and calls that must succeed.</summary>
public abstract class PosixCalls
{
    protected internal static byte[] Z(string name) => CString.Allocate(name);

    /// <summary>Fails the case unless the call gave exactly this.</summary>
    protected internal static void Expect(Errno expected, Errno actual, [CallerArgumentExpression(nameof(actual))] string call = "")
    {
        if (actual != expected)
        {
            throw new PosixException($"{call} gave {actual}, not {expected}");
        }
    }

    protected internal static void Require(bool condition, [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        if (!condition)
        {
            throw new PosixException($"not so: {what}");
        }
    }

    protected internal static void RequireEqual<T>(T expected, T actual, [CallerArgumentExpression(nameof(actual))] string what = "")
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
        {
            throw new PosixException($"{what} is {actual}, not {expected}");
        }
    }

    protected internal static Statx Stat(Fd fd)
    {
        Expect(Errno.None, Libc.Statx(fd, StatxMask.BasicStats | StatxMask.BirthTime, out Statx stat));
        return stat;
    }

    protected internal static void Write(Fd fd, long offset, ReadOnlySpan<byte> data)
    {
        Expect(Errno.None, Libc.Pwrite(fd, data, offset, out int count), "pwrite");
        RequireEqual(data.Length, count, "bytes written");
    }

    protected internal static byte[] Read(Fd fd, long offset, int size)
    {
        byte[] buffer = new byte[size];
        Expect(Errno.None, Libc.Pread(fd, buffer, offset, out int count), "pread");
        return buffer[..count];
    }

    /// <summary>All names but "." and "..", as Latin-1 so that any byte survives.</summary>
    protected internal static List<string> Names(Fd directory, int bufferSize = 4096)
    {
        List<string> names = [];
        byte[] buffer = new byte[bufferSize];
        Expect(Errno.None, Libc.Lseek(directory, 0, SeekWhence.Set, out _), "rewind");
        while (true)
        {
            Expect(Errno.None, Libc.Getdents64(directory, buffer, out int count), "getdents64");
            if (count == 0)
            {
                return names;
            }

            DirentReader reader = new(buffer.AsSpan(0, count));
            while (reader.TryRead(out Dirent entry))
            {
                if (!entry.IsDotOrDotDot)
                {
                    names.Add(Encoding.Latin1.GetString(entry.Name.Bytes));
                }
            }
        }
    }
}
