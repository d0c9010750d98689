namespace EscapeProbe;

/// <summary>
/// One thing that a taken-over server would try. <paramref name="Try"/> returns "OK" or the name of the error, and undoes what worked: the same attempts
/// run as root without any sandbox, where most of them do.
/// </summary>
internal sealed record Attempt(string Name, Func<string> Try)
{
    public Attempt(string name, X64Call call, params object[] arguments)
        : this(name, () => RawCall.Call((int)call, arguments))
    {
    }

    /// <summary>A call that makes a descriptor.</summary>
    public static Attempt Making(string name, X64Call call, params object[] arguments) =>
        new(name, () => RawCall.CallForDescriptor((int)call, arguments));

    public static Attempt Opening(string name, string path, OpenFlags flags = OpenFlags.ReadOnly, int mode = 0) =>
        new(name, () => RawCall.Open(RawCall.Cwd, path, flags, mode));
}
