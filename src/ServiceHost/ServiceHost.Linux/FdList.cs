namespace ServiceHost.Linux;

/// <summary>
/// The descriptors that came with one packet. The list owns them until each is taken, and closes the rest, so that a packet
/// which turns out to be malformed leaks nothing. Its slots exist before recvmsg(2), so storing a received number cannot fail.
/// </summary>
public sealed class FdList : IDisposable
{
    private readonly FdCell[] _cells;

    public FdList(int capacity) => _cells = new FdCell[capacity];

    /// <summary>How many descriptors arrived; those already taken still count.</summary>
    public int Count { get; private set; }

    public int Capacity => _cells.Length;

    public Fd this[int index] => _cells[index].Borrow();

    /// <summary>Moves one descriptor out; whoever took it owns it.</summary>
    public OwnedFd Take(int index)
    {
        if (_cells[index].IsEmpty)
        {
            throw new InvalidOperationException("The descriptor was taken before.");
        }

        // The object is made before the number leaves the cell: out of memory must not lose a descriptor.
        OwnedFd owned = new();
        owned.Set(_cells[index].Take());
        return owned;
    }

    /// <summary>For a list that takes packet after packet: moves the one descriptor out, without an object for it. The list is empty afterwards.</summary>
    public FdCell TakeLone()
    {
        if (Count != 1 || _cells[0].IsEmpty)
        {
            throw new InvalidOperationException("There is not one descriptor.");
        }

        FdCell lone = _cells[0];
        _cells[0] = default;
        Count = 0;
        return lone;
    }

    public void Dispose()
    {
        foreach (ref FdCell cell in _cells.AsSpan())
        {
            cell.Close();
        }
    }

    internal void Add(int number)
    {
        if (Count == _cells.Length)
        {
            Libc.CloseNumber(number);
            throw new InvalidOperationException("More descriptors than slots.");
        }

        _cells[Count++].Set(number);
    }
}
