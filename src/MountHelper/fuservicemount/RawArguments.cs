using ServiceHost.Linux;

namespace MountHelper.FuserviceMount;

/// <summary>
/// The command line as bytes. The runtime decodes it as UTF-8, which changes every path that is not; /proc/self/cmdline has what was
/// written. Environment and arguments are kept together because this program executes itself with both (<see cref="CleanStart"/>).
/// </summary>
internal sealed class RawArguments
{
    private const int MaxBytes = 8 * 1024 * 1024;

    private RawArguments(List<byte[]> vector, int own)
    {
        Vector = vector;
        Name = vector[^(own + 1)];
        Arguments = vector[^own..];
    }

    /// <summary>Everything in front included: a runtime that executes this program as a library has words of its own there.</summary>
    public List<byte[]> Vector { get; }

    /// <summary>The name this program was called by.</summary>
    public byte[] Name { get; }

    public List<byte[]> Arguments { get; }

    /// <summary><paramref name="decoded"/> tells how many of the words are ours.</summary>
    public static RawArguments Read(string[] decoded)
    {
        Errno errno = ProcFile.Read("/proc/self/cmdline\0"u8, out byte[] text, MaxBytes);
        if (errno.IsError)
        {
            throw new MountFailedException("cannot read /proc/self/cmdline", errno, "mount /proc");
        }

        List<byte[]> vector = Split(text);
        return vector.Count > decoded.Length
            ? new RawArguments(vector, decoded.Length)
            : throw new MountFailedException(new MountFailure("/proc/self/cmdline has fewer words than the command line"));
    }

    /// <summary>Strings that each end in a NUL; empty ones count.</summary>
    public static List<byte[]> Split(ReadOnlySpan<byte> text)
    {
        List<byte[]> words = [];
        while (!text.IsEmpty)
        {
            int end = text.IndexOf((byte)0);
            words.Add((end < 0 ? text : text[..end]).ToArray());
            text = end < 0 ? default : text[(end + 1)..];
        }

        return words;
    }
}
