using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Ext4.Corpus.Tests;

/// <summary>Finds the next data or hole; the error's name, or null.</summary>
internal delegate string? SeekData(long from, bool data, out long to);

/// <summary>Reads as much as there is, and the error's name, or null.</summary>
internal delegate (int Count, string? Error) ReadData(long offset, Span<byte> buffer);

/// <summary>The holes and the bytes of a file as short text.</summary>
internal static class DataMap
{
    private const int MostRanges = 5000;
    private const int Chunk = 128 * 1024;

    public static string Describe(long size, SeekData seek)
    {
        var hash = new StringBuilder();
        long position = 0;
        for (int ranges = 0; position < size && ranges < MostRanges; ranges++)
        {
            if (seek(position, true, out long data) is string end)
            {
                hash.Append(end);
                break;
            }

            string? error = seek(data, false, out long hole);
            hash.Append(CultureInfo.InvariantCulture, $"{data}-{hole}{error},");
            position = Math.Max(hole, data + 1);
        }

        return hash.Length <= 80 ? hash.ToString() : MountedTree.Hash(Encoding.ASCII.GetBytes(hash.ToString()));
    }

    /// <summary>
    /// An error takes the place of the chunk in which it was met, so that two readers need not agree on how far they got; its name is not
    /// told, because the page cache turns every one into EIO.
    /// </summary>
    public static string Hash(long size, ReadData read)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[Chunk];
        string errors = "";
        for (long offset = 0; offset < size; offset += Chunk)
        {
            (int count, string? error) = read(offset, buffer.AsSpan(0, (int)Math.Min(Chunk, size - offset)));
            if (error is null) hash.AppendData(buffer, 0, count);
            else errors = "!";
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8)) + errors;
    }
}
