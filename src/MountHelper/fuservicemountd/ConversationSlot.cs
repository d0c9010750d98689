using ServiceHost.Linux;

namespace MountHelper.FuserviceMountd;

/// <summary>
/// One of a user's eight conversations: a lock on one byte of a file that is all user ids times eight long and never has contents. The lock
/// ends with the process, whatever ends it. Its descriptor has a high number, because an ending process closes in order, and closing a
/// descriptor of a FUSE file whose server stands still takes as long as that does: a user who sends such files uses up their own slots.
/// </summary>
internal sealed class ConversationSlot : IDisposable
{
    public const int PerUser = 8;

    private const string Folder = "/run/fuservice/broker";
    private const string FileName = "conversations";
    private const uint OwnerOnly = 0x1C0;
    private const int LateNumber = 500;

    private readonly OwnedFd _held;

    private ConversationSlot(OwnedFd held) => _held = held;

    public static ConversationSlot Take(uint uid)
    {
        OwnedFd file = Open();
        for (int i = 0; i < PerUser; i++)
        {
            Errno errno = Libc.SetFileLock(file, new FileRangeLock(LockType.Write, ((long)uid * PerUser) + i, 1));
            if (errno.IsOk)
            {
                return new ConversationSlot(file);
            }

            if (errno != Errno.EAGAIN && errno != Errno.EACCES)
            {
                file.Dispose();
                throw new MountFailedException($"cannot lock {Folder}/{FileName}", errno);
            }
        }

        file.Dispose();
        MountFailedException.ThrowIfBroken(Rule.ConversationsAreBounded, true,
            $"uid {uid} has {PerUser} conversations with the broker already", "wait until one of them has ended");
        return new ConversationSlot(OwnedFd.Take(-1));
    }

    public void Dispose() => _held.Dispose();

    private static OwnedFd Open()
    {
        Errno errno = StateDirectory.Open(Folder, OwnerOnly, out StateDirectory? directory);
        if (errno.IsOk)
        {
            using (directory)
            {
                errno = directory!.OpenFile(FileName, out OwnedFd low);
                using (low)
                {
                    OwnedFd? file = null;
                    errno = errno.IsError ? errno : Libc.DuplicateAbove(low, LateNumber, out file);
                    if (errno.IsOk)
                    {
                        return file!;
                    }
                }
            }
        }

        throw new MountFailedException($"cannot use {Folder}", errno);
    }
}
