namespace Servers.Ext4;

/// <summary>What recovery made of the journal, for whoever wants to know why a mount shows more than the disk.</summary>
public sealed record RecoverySummary(uint Transactions, int Blocks, int RevokedBlocks, int FastCommitRecords);
