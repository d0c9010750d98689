namespace Servers.Ext4;

/// <summary>Fast commits that wait behind a log which was recovered: how many records, and where they are.</summary>
internal sealed record PendingFastCommits(JournalSuperblock Journal, JournalStore Store, int Records);
