namespace Servers.Ext4;

/// <summary>s_feature_incompat of a journal (<c>JBD2_FEATURE_INCOMPAT_*</c>).</summary>
[Flags]
internal enum JournalFeatures : uint
{
    Revoke = 0x01,
    Bits64 = 0x02,
    AsyncCommit = 0x04,
    ChecksumV2 = 0x08,
    ChecksumV3 = 0x10,
    FastCommit = 0x20,

    AllKnown = Revoke | Bits64 | AsyncCommit | ChecksumV2 | ChecksumV3 | FastCommit,
}
