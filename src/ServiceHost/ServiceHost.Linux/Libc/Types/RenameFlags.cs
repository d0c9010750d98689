namespace ServiceHost.Linux;

/// <summary>RENAME_* of renameat2(2).</summary>
[Flags]
public enum RenameFlags : uint
{
    None = 0,

    /// <summary>RENAME_NOREPLACE.</summary>
    NoReplace = 1,

    /// <summary>RENAME_EXCHANGE.</summary>
    Exchange = 2,

    /// <summary>RENAME_WHITEOUT.</summary>
    Whiteout = 4,
}
