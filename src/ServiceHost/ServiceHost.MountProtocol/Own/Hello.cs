using ServiceHost.Linux;

namespace ServiceHost.MountProtocol;

/// <summary>HELO, Mounter to server: the first packet.</summary>
public readonly record struct Hello(
    ushort MinVersion,
    ushort MaxVersion,
    HelloFeatures Features,
    uint DeadlineMilliseconds,
    uint JoinerUid,
    uint CpuCount,
    string Type)
{
    /// <summary>The namespaces of the Mounter, which a contained server must not share; 0 where it cannot tell.</summary>
    public NamespaceIds Namespaces { get; init; }

    /// <summary>CPUs that the machine could ever have; 0 where it cannot tell.</summary>
    public uint PossibleCpus { get; init; }

    public byte[] Encode()
    {
        PacketWriter writer = new(Tag.Hello);
        writer.U16(MinVersion);
        writer.U16(MaxVersion);
        writer.U32((uint)Features);
        writer.U32(DeadlineMilliseconds);
        writer.U32(JoinerUid);
        writer.U32(CpuCount);
        writer.U32(PossibleCpus);
        foreach (uint id in (ReadOnlySpan<uint>)[Namespaces.User, Namespaces.Mount, Namespaces.Network, Namespaces.Ipc, Namespaces.Uts])
        {
            writer.U32(id);
        }

        writer.Name16(Type);
        return writer.ToPacket();
    }

    public static bool TryDecode(ReadOnlySpan<byte> packet, out Hello message)
    {
        PacketReader reader = new(packet, Tag.Hello);
        (ushort minimum, ushort maximum) = (reader.U16(), reader.U16());
        HelloFeatures features = (HelloFeatures)reader.U32();
        (uint deadline, uint joiner, uint cpus, uint possible) = (reader.U32(), reader.U32(), reader.U32(), reader.U32());
        NamespaceIds namespaces = new(reader.U32(), reader.U32(), reader.U32(), reader.U32(), reader.U32());
        message = new Hello(minimum, maximum, features, deadline, joiner, cpus, reader.Name16())
        {
            Namespaces = namespaces,
            PossibleCpus = possible,
        };
        return reader.IsComplete;
    }
}
