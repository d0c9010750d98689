namespace ServiceHost.Fuse;

internal sealed record OpcodeInfo(FuseOpcode Opcode, int ReplySize)
{
    public static OpcodeInfo Of(FuseOpcode opcode) => new(opcode, 0);
}
