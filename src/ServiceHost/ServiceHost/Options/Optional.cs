namespace ServiceHost.Options;

/// <summary>A parsed value, or none because the text does not fit. default is none.</summary>
public readonly record struct Optional<T>(bool HasValue, T Value)
{
    public Optional(T value)
        : this(true, value)
    {
    }

    public static implicit operator Optional<T>(T value) => new(value);
}
