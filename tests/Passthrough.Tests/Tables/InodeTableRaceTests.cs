using Servers.Passthrough;
using ServiceHost.Fuse;
using ServiceHost.Linux;

namespace Passthrough.Tests;

public class InodeTableRaceTests
{
    private const int Files = 6;
    private const int Rounds = 4000;
    private const int Threads = 4;

    /// <summary>
    /// LOOKUP, use and FORGET of a few inodes from several threads: a node id that was looked up always leads to that very inode, and in the end every
    /// descriptor is closed.
    /// </summary>
    [Fact]
    public void Lookups_and_forgets_of_the_same_inodes_never_lead_to_another_one()
    {
        using TempTree tree = new();
        using OwnedFd root = tree.OpenRoot();
        for (int i = 0; i < Files; i++)
        {
            File.WriteAllText(tree.Of($"{i}"), "x");
        }

        using InodeBudget budget = new(1024);
        Errno errno = Libc.Openat(root, CString.FromTerminated(".\0"u8), OpenFlags.Path, 0, out FdCell rootCell);
        Assert.Equal(Errno.None, errno);
        Libc.Statx(rootCell.Borrow(), Attributes.Wanted, out Statx rootStat);
        InodeTable table = new(budget, ref rootCell, rootStat);
        int wrong = 0;
        Parallel.For(0, Threads, new ParallelOptions { MaxDegreeOfParallelism = Threads }, thread =>
        {
            Random random = new(thread);
            for (int round = 0; round < Rounds; round++)
            {
                Interlocked.Add(ref wrong, LookUpUseForget(table, root, random.Next(Files)) ? 0 : 1);
            }
        });
        Assert.Equal(0, wrong);
        Assert.Equal(1, budget.Count);
        table.Clear();
    }

    private static bool LookUpUseForget(InodeTable table, OwnedFd root, int file)
    {
        byte[] name = [(byte)('0' + file), 0];
        Libc.Openat(root, CString.FromTerminated(name), OpenFlags.Path, 0, out FdCell cell);
        Libc.Statx(cell.Borrow(), Attributes.Wanted, out Statx stat);
        if (!table.TryIntern(ref cell, stat, 1024, out NodeId node))
        {
            return false;
        }

        bool isRight;
        using (Pinned<Inode> pinned = table.Pin(node))
        {
            isRight = pinned.IsFound && Libc.Statx(pinned.Fd, Attributes.Wanted, out Statx again).IsOk && again.Ino == stat.Ino;
        }

        table.Forget(node, 1);
        return isRight;
    }
}
