using System.Buffers.Binary;

namespace EscapeProbe;

/// <summary>Calls that write two descriptors into memory.</summary>
internal static class DescriptorPair
{
    public static string Make(X64Call call, Func<byte[], object[]> arguments)
    {
        byte[] pair = new byte[2 * sizeof(int)];
        string result = RawCall.Call((int)call, arguments(pair));
        if (result == "OK")
        {
            RawCall.Closed(BinaryPrimitives.ReadInt32LittleEndian(pair));
            RawCall.Closed(BinaryPrimitives.ReadInt32LittleEndian(pair.AsSpan(sizeof(int))));
        }

        return result;
    }
}
