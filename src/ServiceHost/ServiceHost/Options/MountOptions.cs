namespace ServiceHost.Options;

/// <summary>The values that -o gave, with the defaults for the rest.</summary>
public sealed class MountOptions
{
    private readonly Dictionary<MountOption, object> _values;

    internal MountOptions(Dictionary<MountOption, object> values) => _values = values;

    public T Get<T>(MountOption<T> option)
    {
        ArgumentNullException.ThrowIfNull(option);
        return _values.TryGetValue(option, out object? value) ? (T)value : option.Default;
    }

    /// <summary>Whether the caller wrote it, whatever the value.</summary>
    public bool IsGiven(MountOption option) => _values.ContainsKey(option);
}
