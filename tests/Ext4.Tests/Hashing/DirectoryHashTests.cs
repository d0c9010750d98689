using System.Globalization;
using System.Text.RegularExpressions;
using Servers.Ext4;

namespace Ext4.Tests;

public sealed partial class DirectoryHashTests
{
    private const string Seed = "81ac1b1f-0e37-4d12-9d3e-3f1c5a7be604";
    private static readonly byte[] s_seed = Convert.FromHexString(Seed.Replace("-", "", StringComparison.Ordinal));

    [Theory]
    [InlineData(DirectoryHashVersion.Legacy, 0x32252546u, 0u)]
    [InlineData(DirectoryHashVersion.HalfMd4, 0x1746da32u, 0x420013b5u)]
    [InlineData(DirectoryHashVersion.Tea, 0x6f5bb1a8u, 0x231917c2u)]
    public void Known_names_have_known_hashes(object version, uint major, uint minor) =>
        Assert.Equal(new NameHash(major, minor), DirectoryHash.Compute((DirectoryHashVersion)version, "hello"u8, HashSeed.Default));

    [Fact]
    public void No_name_hashes_to_the_end_of_a_directory()
    {
        for (int i = 0; i < 20_000; i++)
        {
            byte[] name = BitConverter.GetBytes(i);
            Assert.NotEqual(0xFFFF_FFFEu, DirectoryHash.Compute(DirectoryHashVersion.Tea, name, HashSeed.Default).Major);
        }
    }

    [Fact]
    public void A_superblock_without_a_seed_uses_the_built_in_one() =>
        Assert.Equal(HashSeed.Default, HashSeed.Read(new byte[HashSeed.Size]));

    [Theory]
    [InlineData(DirectoryHashVersion.Legacy)]
    [InlineData(DirectoryHashVersion.HalfMd4)]
    [InlineData(DirectoryHashVersion.Tea)]
    [InlineData(DirectoryHashVersion.LegacyUnsigned)]
    [InlineData(DirectoryHashVersion.HalfMd4Unsigned)]
    [InlineData(DirectoryHashVersion.TeaUnsigned)]
    public void Names_of_every_length_hash_as_debugfs_says(object version)
    {
        byte[][] names = [.. Names(new Random(6))];
        NameHash[] expected = AskDebugfs((int)(DirectoryHashVersion)version, names);
        for (int i = 0; i < names.Length; i++)
        {
            NameHash hash = DirectoryHash.Compute((DirectoryHashVersion)version, names[i], HashSeed.Read(s_seed));
            Assert.True(expected[i] == hash, $"{Convert.ToHexString(names[i])}: {expected[i]} expected, {hash} computed");
        }
    }

    // Bytes from 0x21 on, without what debugfs' command line treats as its own; a third of them are "negative" characters.
    private static IEnumerable<byte[]> Names(Random random)
    {
        for (int length = 1; length <= 255; length++)
        {
            byte[] name = new byte[length];
            for (int i = 0; i < length; i++)
            {
                do name[i] = (byte)(random.Next(3) == 0 ? random.Next(0x80, 0x100) : random.Next('0', 'z'));
                while (name[i] is (byte)'\\' or (byte)'`' or (byte)'-');
            }

            yield return name;
        }
    }

    private static NameHash[] AskDebugfs(int version, byte[][] names)
    {
        string commands = Path.GetTempFileName();
        try
        {
            using (FileStream file = File.OpenWrite(commands))
            {
                foreach (byte[] name in names)
                {
                    file.Write(System.Text.Encoding.ASCII.GetBytes($"dx_hash -h {s_names[version]} -s {Seed} "));
                    file.Write(name);
                    file.WriteByte((byte)'\n');
                }
            }

            return [.. Answer().Matches(Tool.Run("debugfs", "-f", commands)).Select(Parse)];
        }
        finally
        {
            File.Delete(commands);
        }
    }

    private static readonly string[] s_names = ["legacy", "half_md4", "tea", "3", "4", "5"];

    private static NameHash Parse(Match answer) => new(
        uint.Parse(answer.Groups[1].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture),
        uint.Parse(answer.Groups[2].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"is 0x([0-9a-f]+) \(minor 0x([0-9a-f]+)\)")]
    private static partial Regex Answer();
}
