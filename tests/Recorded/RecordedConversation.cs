using System.Reflection;

namespace ServiceHost.Recorded;

/// <summary>
/// A conversation with the real libfuse, as strace saw it. One packet a line: A> the argument memfd, M> from the helper, S> from
/// the server; +fd behind a packet that had a descriptor. Bytes are hexadecimal, ASCII stands between apostrophes.
/// </summary>
internal sealed record RecordedConversation(byte[] Arguments, IReadOnlyList<RecordedPacket> Packets)
{
    public static IReadOnlyList<string> Names { get; } =
        [.. Assembly.GetExecutingAssembly().GetManifestResourceNames().Where(static name => name.EndsWith(".txt", StringComparison.Ordinal))];

    public static RecordedConversation Load(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new ArgumentException($"There is no recording '{name}'.", nameof(name));
        using StreamReader reader = new(stream);
        byte[] arguments = [];
        List<RecordedPacket> packets = [];
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith("A> ", StringComparison.Ordinal))
            {
                arguments = Bytes(line[3..]);
            }
            else if (line.StartsWith("M> ", StringComparison.Ordinal) || line.StartsWith("S> ", StringComparison.Ordinal))
            {
                bool hasFd = line.EndsWith(" +fd", StringComparison.Ordinal);
                packets.Add(new RecordedPacket(line[0] == 'M', Bytes(hasFd ? line[3..^4] : line[3..]), hasFd));
            }
        }

        return new RecordedConversation(arguments, packets);
    }

    private static byte[] Bytes(string text)
    {
        List<byte> bytes = [];
        string[] parts = text.Split('\'');
        for (int i = 0; i < parts.Length; i++)
        {
            bool ascii = i % 2 == 1;
            bytes.AddRange(ascii
                ? System.Text.Encoding.ASCII.GetBytes(parts[i])
                : Convert.FromHexString(parts[i].Replace(" ", string.Empty, StringComparison.Ordinal)));
        }

        return [.. bytes];
    }
}
