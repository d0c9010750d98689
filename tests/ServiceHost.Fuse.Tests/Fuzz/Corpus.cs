using System.Buffers.Binary;

namespace ServiceHost.Fuse.Tests.Fuzz;

/// <summary>Requests that a kernel sent, each as a 32-bit length and its bytes, in Fuzz/traffic.bin.</summary>
internal static class Corpus
{
    public static string File => Path.Combine(TestFiles.Repository, "tests", "ServiceHost.Fuse.Tests", "Fuzz", "traffic.bin");

    public static List<byte[]> Load()
    {
        List<byte[]> requests = [];
        ReadOnlySpan<byte> rest = System.IO.File.ReadAllBytes(File);
        while (!rest.IsEmpty)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(rest);
            requests.Add(rest.Slice(4, length).ToArray());
            rest = rest[(4 + length)..];
        }

        return requests;
    }

    public static void Save(IEnumerable<byte[]> requests) =>
        System.IO.File.WriteAllBytes(File, [.. requests.SelectMany(request => (byte[])[.. BitConverter.GetBytes(request.Length), .. request])]);
}
