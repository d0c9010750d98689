using System.Text;

namespace ServiceHost.Linux;

/// <summary>The messages that the kernel leaves in a filesystem context ("e fuse: Unknown parameter 'x'"), one per read(2).</summary>
public static class FilesystemContextLog
{
    // The kernel keeps the last eight messages of a context.
    private const int MaxMessages = 8;
    private const int MaxLength = 512;

    /// <summary>Takes the messages out, without the level letter; empty when the kernel said nothing.</summary>
    public static IReadOnlyList<string> Drain(Fd context)
    {
        List<string> lines = [];
        Span<byte> buffer = stackalloc byte[MaxLength];
        while (lines.Count < MaxMessages && Libc.Read(context, buffer, out int count).IsOk && count > 0)
        {
            ReadOnlySpan<byte> line = buffer[..count];
            if (line.Length > 2 && line[1] == (byte)' ')
            {
                line = line[2..];
            }

            lines.Add(Encoding.UTF8.GetString(line).TrimEnd());
        }

        return lines;
    }
}
