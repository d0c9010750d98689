namespace ServiceHost.Linux;

/// <summary>F_SEAL_*: what can no longer happen to a memfd.</summary>
[Flags]
public enum FileSeals
{
    None = 0,

    /// <summary>F_SEAL_SEAL: no further seals.</summary>
    Seal = 1,

    /// <summary>F_SEAL_SHRINK.</summary>
    Shrink = 2,

    /// <summary>F_SEAL_GROW.</summary>
    Grow = 4,

    /// <summary>F_SEAL_WRITE: also no writable mapping exists any more.</summary>
    Write = 8,

    /// <summary>The content and the size are what they are, for everybody and for ever.</summary>
    Immutable = Seal | Shrink | Grow | Write,
}
