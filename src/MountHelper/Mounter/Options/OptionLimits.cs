namespace MountHelper;

/// <summary>What a caller may write after -o. mount(2) itself stops at a page; a list that needs more is a mistake or an attack.</summary>
public static class OptionLimits
{
    public const int MaxTextLength = 16 * 1024;
    public const int MaxWords = 256;
    public const int MaxWordLength = 4096;

    /// <summary>More extents than this do not fit into a grant (u16 counts, one packet) and nobody needs them.</summary>
    public const int MaxIdMapExtents = 32;

    /// <summary>As many files as a process can have open.</summary>
    public const uint MaxPassthroughFiles = 1_048_576;

    public const int DefaultTimeoutSeconds = 30;
    public const int MaxTimeoutSeconds = 3600;
}
