namespace ServiceHost.Fuse;

/// <summary>What the kernel expects behind the header of a successful reply.</summary>
internal enum ReplyKind
{
    /// <summary>Exactly <see cref="OpcodeInfo.ReplySize"/> bytes, often none.</summary>
    Fixed,

    /// <summary>At most what the request asked for.</summary>
    Variable,

    /// <summary>The request must not be answered at all.</summary>
    Never,
}
