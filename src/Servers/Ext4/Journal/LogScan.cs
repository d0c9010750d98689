namespace Servers.Ext4;

/// <summary>
/// Finds where the log ends: at the first block that is not the next one of its transactions. What a crash leaves behind the last
/// commit is no error; a transaction that was committed and is wrong is one, and refuses recovery as a whole.
/// </summary>
internal ref struct LogScan(JournalSuperblock journal, JournalStore store)
{
    private readonly byte[] _block = new byte[store.BlockSize];
    private LogPosition _position = new(journal);
    private uint _sequence = journal.Sequence;
    private uint _transactionChecksum = Crc32BigEndian.Initial;
    private ulong _lastCommitTime;
    private uint? _interrupted;

    // A descriptor or revoke block with a wrong checksum is either a lie or a leftover of an older use of the log: the time in the
    // commit block that follows tells.
    private bool _suspicious;

    /// <summary>The number of the first transaction that is not to be replayed.</summary>
    public uint FindEnd()
    {
        while (!_position.IsInCircles)
        {
            store.Read(_position.Block, _block);
            _position.Advance(1);
            JournalHeader header = JournalHeader.Read(_block);
            if (header.Magic != JournalHeader.ExpectedMagic || header.Sequence != _sequence || !Step(header.Kind))
            {
                break;
            }
        }

        return _interrupted ?? _sequence;
    }

    private bool Step(JournalBlockKind kind)
    {
        switch (kind)
        {
            case JournalBlockKind.Descriptor:
                _suspicious |= !JournalChecksums.TailIsRight(journal, _block);
                PassDescribedBlocks();
                return true;
            case JournalBlockKind.Revoke:
                _suspicious |= !JournalChecksums.TailIsRight(journal, _block);
                return true;
            case JournalBlockKind.Commit:
                return Commit(CommitBlock.Read(_block));
            default:
                return false;
        }
    }

    private void PassDescribedBlocks()
    {
        uint count = DescriptorTagReader.Count(journal, _block);
        if (!journal.HasTransactionChecksum || _suspicious || _interrupted is not null)
        {
            _position.Advance(count);
            return;
        }

        _transactionChecksum = Crc32BigEndian.Append(_transactionChecksum, _block);
        for (uint i = 0; i < count && !_position.IsInCircles; i++)
        {
            store.Read(_position.Block, _block);
            _position.Advance(1);
            _transactionChecksum = Crc32BigEndian.Append(_transactionChecksum, _block);
        }
    }

    // False ends the scan.
    private bool Commit(CommitBlock commit)
    {
        bool stale = commit.Seconds < _lastCommitTime;
        if (_suspicious)
        {
            return stale ? false : throw Wrong();
        }

        if (journal.HasTransactionChecksum && _interrupted is not null)
        {
            // An asynchronous commit that went wrong was the last one, or it was no interruption.
            throw Wrong();
        }

        if (!IsRight(commit))
        {
            if (stale)
            {
                return false;
            }

            if (!journal.Has(JournalFeatures.AsyncCommit))
            {
                throw Wrong();
            }

            _interrupted ??= _sequence;
        }

        _transactionChecksum = Crc32BigEndian.Initial;
        _lastCommitTime = commit.Seconds;
        _sequence = unchecked(_sequence + 1);
        return true;
    }

    private readonly bool IsRight(CommitBlock commit) =>
        (!journal.HasTransactionChecksum || commit.TransactionIsRight(_transactionChecksum))
        && JournalChecksums.CommitIsRight(journal, _block);

    private readonly Ext4Exception Wrong() =>
        new(new Ext4Error(Ext4ErrorKind.BadChecksum, CorruptionReason.JournalTransaction, 0, _position.Block, _interrupted ?? _sequence));
}
