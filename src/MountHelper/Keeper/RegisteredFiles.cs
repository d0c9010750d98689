using System.Diagnostics;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper.Keeper;

/// <summary>The ids that this keeper has given out and not taken back.</summary>
internal sealed class RegisteredFiles(OwnedFd device, FileJudge judge, uint quota)
{
    private readonly HashSet<int> _ids = [];

    public long Registered { get; private set; }

    public long Refused { get; private set; }

    public KeeperMessage Register(Fd file)
    {
        KeeperRefusal refusal = judge.Judge(file);
        refusal = refusal == KeeperRefusal.None && KeeperRule.QuotaIsKept.IsBrokenBy(_ids.Count >= quota) ? KeeperRefusal.Quota : refusal;
        int id = 0;
        Errno errno = refusal == KeeperRefusal.None ? Libc.FuseBackingOpen(device, file, out id) : ErrnoOf(refusal);
        if (errno.IsError)
        {
            Refused++;
            return KeeperMessage.Refuse(refusal == KeeperRefusal.None ? KeeperRefusal.Kernel : refusal, errno);
        }

        Registered++;
        _ids.Add(id);
        return KeeperMessage.Answer(id);
    }

    public KeeperMessage Release(int id)
    {
        bool known = _ids.Remove(id);
        if (KeeperRule.IdsAreItsOwn.IsBrokenBy(!known))
        {
            Refused++;
            return KeeperMessage.Refuse(KeeperRefusal.UnknownId, Errno.ENOENT);
        }

        // The last reference may be the kernel's to drop: a file that was deleted meanwhile goes now.
        _ = Libc.FuseBackingClose(device, id);
        return KeeperMessage.Answer(id);
    }

    /// <summary>
    /// All that is left, as far as it can be done in time: what was deleted meanwhile goes with its id, which can take long. What remains ends
    /// with the connection.
    /// </summary>
    public void ReleaseAll(TimeSpan time)
    {
        long start = Stopwatch.GetTimestamp();
        foreach (int id in _ids)
        {
            if (Stopwatch.GetElapsedTime(start) > time)
            {
                break;
            }

            _ = Libc.FuseBackingClose(device, id);
        }

        _ids.Clear();
    }

    private static Errno ErrnoOf(KeeperRefusal refusal) => refusal switch
    {
        KeeperRefusal.NotARegularFile => Errno.EINVAL,
        KeeperRefusal.OnlyAPlace or KeeperRefusal.WriteOnly => Errno.EBADF,
        KeeperRefusal.NotForReading or KeeperRefusal.NotForWriting => Errno.EXDEV,
        KeeperRefusal.Protected => Errno.EACCES,
        KeeperRefusal.Quota => Errno.ENOSPC,
        _ => Errno.ENOENT,
    };
}
