namespace ServiceHost.Linux;

/// <summary>
/// A borrowed file descriptor: whoever holds one may use it and may not close it. It is a ref struct so that it cannot be
/// stored; what lives longer than a call is an <see cref="OwnedFd"/>, or an <see cref="FdCell"/> in a table.
/// The owner must be kept alive by the caller (a field or a using), which every owner here is.
/// </summary>
public readonly ref struct Fd(int number)
{
    public int Number { get; } = number;

    public bool IsValid => Number >= 0;

    /// <summary>AT_FDCWD: paths are relative to the current directory.</summary>
    public static Fd Cwd => new(-100);
}
