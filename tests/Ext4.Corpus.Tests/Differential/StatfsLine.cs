using Servers.Ext4;
using ServiceHost.Linux;

namespace Ext4.Corpus.Tests;

/// <summary>statfs of a mount against the library's; empty when they agree.</summary>
internal static class StatfsLine
{
    public static string Compare(string path, VolumeStatistics ours)
    {
        Assert.True(Libc.Openat(Fd.Cwd, CString.FromTerminated(CString.Allocate(path)), OpenFlags.Path, 0, out OwnedFd root).IsOk);
        using (root)
        {
            Assert.True(Libc.Fstatfs(root, out StatfsBuffer kernel).IsOk);
            string theirs = $"{kernel.BlockSize} {kernel.Blocks} {kernel.BlocksFree} {kernel.BlocksAvailable} {kernel.Files} {kernel.FilesFree} {kernel.NameLength}";
            string mine = $"{ours.BlockSize} {ours.Blocks} {ours.FreeBlocks} {ours.AvailableBlocks} {ours.Files} {ours.FreeFiles} {ours.MaximumName}";
            return theirs == mine ? "" : $"statfs: kernel {theirs} | ours {mine}";
        }
    }
}
