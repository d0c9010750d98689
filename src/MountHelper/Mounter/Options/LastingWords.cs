namespace MountHelper;

/// <summary>
/// The options of a mount as the registry keeps them, so that a remount, to which mount(8) hands all the old words again, can tell a
/// repetition from a change.
/// </summary>
internal static class LastingWords
{
    // A value of the registry has this many bytes; a mount with more options can be remounted only without naming any.
    private const int MaxKept = 4096;

    public static byte[] Join(MountOptions options)
    {
        byte[] joined = [.. options.LastingWords.SelectMany(static (word, index) => index == 0 ? word.Text.ToArray() : [(byte)',', .. word.Text])];
        return joined.Length <= MaxKept ? joined : [];
    }

    public static bool Contains(byte[] kept, OptionWord word) =>
        OptionReader.Read([kept]).Exists(old => old.Text.SequenceEqual(word.Text));
}
