using ServiceHost.Linux;

namespace Servers.Passthrough;

/// <summary>
/// Something of a table that cannot be closed until the end of the using block. Not found: the number that the kernel sent is not, or no longer,
/// alive.
/// </summary>
internal ref struct Pinned<T>(IPinTable<T> table, T? item)
    where T : class, IPinnable
{
    private T? _item = item;

    public readonly bool IsFound => _item is not null;

    public readonly T Item => _item ?? throw new InvalidOperationException($"The {typeof(T).Name} was not found.");

    public readonly Fd Fd => Item.Borrow();

    public void Dispose()
    {
        if (_item is T item)
        {
            _item = null;
            table.Unpin(item);
        }
    }
}
