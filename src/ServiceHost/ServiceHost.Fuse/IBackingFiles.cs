using ServiceHost.Linux;

namespace ServiceHost.Fuse;

/// <summary>
/// Makes a file known to the kernel as one that can stand behind files of this mount: the kernel then reads, writes and maps it without asking the
/// server (<see cref="FopenFlags.Passthrough"/>). Any thread, after INIT was answered; filesystems let <see cref="IoModes"/> call it.
/// <para>The kernel opens the file again for every open through the mount, with that caller's flags and the registrant's rights: an id has no access
/// mode, so whoever registers must know what the descriptor may be used for.</para>
/// </summary>
public interface IBackingFiles
{
    /// <summary>
    /// Registers <paramref name="file"/>, an open regular file that stays the caller's, and gives its id, which is never 0. An error is about this
    /// file (ELOOP: its filesystem is stacked; ENOSPC: the quota is used up) and means ordinary I/O, never an error to a user. EOPNOTSUPP and ENOTCONN
    /// mean that nothing will be registered any more in this session.
    /// </summary>
    Errno Register(Fd file, out int backingId);

    /// <summary>
    /// Ends an id. Inodes that are open with it keep the file until they are closed. The kernel ends all ids with the connection.
    /// </summary>
    void Release(int backingId);
}
