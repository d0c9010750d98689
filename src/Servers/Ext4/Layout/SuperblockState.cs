namespace Servers.Ext4;

/// <summary>s_state.</summary>
[Flags]
public enum SuperblockState : ushort
{
    /// <summary>EXT4_VALID_FS: unmounted cleanly.</summary>
    Valid = 1,

    /// <summary>EXT4_ERROR_FS.</summary>
    Error = 2,

    /// <summary>EXT4_ORPHAN_FS: orphans are being recovered.</summary>
    Orphan = 4,

    /// <summary>EXT4_FC_REPLAY: a fast commit is being replayed.</summary>
    FastCommitReplay = 0x20,
}
