namespace ServiceHost.Linux;

/// <summary>
/// An owned file descriptor in a table slot. A server that opens and forgets thousands of files a second cannot afford one
/// SafeHandle with a finalizer for each; the table that contains the cell is the owner and must call <see cref="Close"/>
/// exactly when the slot is freed. Not thread-safe: the table's lock covers it.
/// </summary>
public struct FdCell
{
    // Stored plus one, so that default(FdCell) is empty and not descriptor 0.
    private int _numberPlusOne;

    public readonly bool IsEmpty => _numberPlusOne == 0;

    /// <summary>A cell that owns the result of a syscall; empty when the call failed (-1).</summary>
    internal static FdCell Take(int number) => new() { _numberPlusOne = number + 1 };

    public readonly Fd Borrow() => new(_numberPlusOne - 1);

    /// <summary>Moves the descriptor out of <paramref name="owned"/> into an empty cell.</summary>
    public void Set(OwnedFd owned)
    {
        ArgumentNullException.ThrowIfNull(owned);
        Set(owned.Release());
    }

    /// <summary>Takes over a number that a <see cref="Libc"/> call without SafeHandle returned.</summary>
    public void Set(int number)
    {
        if (_numberPlusOne != 0)
        {
            throw new InvalidOperationException("The cell already owns a descriptor.");
        }

        _numberPlusOne = number + 1;
    }

    /// <summary>Moves the descriptor out; the caller owns it.</summary>
    public int Take()
    {
        int number = _numberPlusOne - 1;
        _numberPlusOne = 0;
        return number;
    }

    public void Close()
    {
        if (_numberPlusOne != 0)
        {
            Libc.CloseNumber(Take());
        }
    }
}
