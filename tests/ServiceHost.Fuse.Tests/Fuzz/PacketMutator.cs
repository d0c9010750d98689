using System.Buffers.Binary;

namespace ServiceHost.Fuse.Tests.Fuzz;

/// <summary>Spoils packets in the ways in which packets are spoiled; the same seed gives the same packets.</summary>
internal sealed class PacketMutator(int seed, IReadOnlyList<byte[]> seeds)
{
    private static readonly uint[] s_numbers =
        [0, 1, 2, 7, 8, 15, 16, 17, 40, 255, 256, 4095, 4096, 65535, 65536, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFF0, 0xFFFF_FFFF];

    private readonly Random _random = new(seed);

    public byte[] Next()
    {
        List<byte> packet = [.. Pick()];
        int mutations = _random.Next(4);
        for (int i = 0; i < mutations; i++)
        {
            Mutate(packet);
        }

        // Mostly an honest length, so that the deeper checks are reached.
        byte[] bytes = [.. packet];
        if (bytes.Length >= 4 && _random.Next(8) != 0)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes, bytes.Length);
        }

        return bytes;
    }

    private byte[] Pick() => seeds[_random.Next(seeds.Count)];

    private void Mutate(List<byte> packet)
    {
        int at = packet.Count == 0 ? 0 : _random.Next(packet.Count);
        switch (_random.Next(10))
        {
            case 0:
                packet.RemoveRange(at, packet.Count - at);
                break;
            case 1:
                packet.RemoveRange(at, Math.Min(_random.Next(1, 17), packet.Count - at));
                break;
            case 2:
                packet.InsertRange(at, Enumerable.Repeat((byte)_random.Next(256), _random.Next(1, 40)));
                break;
            case 3 or 4:
                WriteNumber(packet, 4 * _random.Next((packet.Count / 4) + 1), s_numbers[_random.Next(s_numbers.Length)]);
                break;
            case 5:
                WriteNumber(packet, 4, (uint)_random.Next(60)); // another opcode
                break;
            case 6:
                WriteNumber(packet, 36, (uint)_random.Next(12)); // an extension area
                break;
            case 7 when packet.Count != 0:
                packet[at] ^= (byte)(1 << _random.Next(8));
                break;
            case 8 when packet.Count != 0:
                packet[at] = "\0/.x"u8[_random.Next(4)];
                break;
            default:
                byte[] other = Pick();
                packet.AddRange(other[_random.Next(other.Length)..]);
                break;
        }
    }

    private static void WriteNumber(List<byte> packet, int offset, uint value)
    {
        for (int i = 0; i < 4 && offset + i < packet.Count; i++)
        {
            packet[offset + i] = (byte)(value >> (8 * i));
        }
    }
}
