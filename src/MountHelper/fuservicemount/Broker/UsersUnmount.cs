using System.Text;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper.FuserviceMount;

/// <summary>
/// Unmounts by way of the broker. The mountpoint is found as its root with O_PATH, which asks no server, for the path without links; what
/// goes to the broker is the directory above and the name in it. Nothing keeps the mount itself open meanwhile: it would be busy.
/// </summary>
internal sealed class UsersUnmount(Invocation invocation, OwnedFd stop)
{
    // As long as the broker itself would wait.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(660);

    public int Run()
    {
        if (Rule.CallerIsRoot.IsBrokenBy(invocation.ReadOnlyWhenBusy))
        {
            throw OptionError.Because(Rule.CallerIsRoot, "umount -r is for root");
        }

        byte[] path = RealPath();
        int slash = path.AsSpan().LastIndexOf((byte)'/');
        byte[] entry = path[(slash + 1)..];
        using OwnedFd parent = OpenParent(path[..Math.Max(slash, 1)]);
        if (!BrokerUnmount.IsEntry(entry))
        {
            throw Failed(Errno.EINVAL);
        }

        BrokerUnmountFlags flags = (invocation.Force ? BrokerUnmountFlags.Force : 0) | (invocation.Lazy ? BrokerUnmountFlags.Lazy : 0);
        byte[] type = invocation.Type is null ? [] : Encoding.ASCII.GetBytes(invocation.Type.MountType);
        BrokerUnmount request = new(flags, type, invocation.Mountpoint, entry);
        return new BrokerClient(stop).Ask(request.Encode(), [parent], Deadline.In(s_patience), parent.Dispose);
    }

    private byte[] RealPath()
    {
        Errno errno = Libc.Openat(
            Fd.Cwd, CString.FromTerminated([.. invocation.Mountpoint, 0]), OpenFlags.Path | OpenFlags.NoFollow, 0, out OwnedFd root);
        using (root)
        {
            string path = "";
            errno = errno.IsError ? errno : DescriptorPath.Read(root, out path);
            return errno.IsOk && path.StartsWith('/') ? Encoding.Latin1.GetBytes(path) : throw Failed(errno.IsError ? errno : Errno.EINVAL);
        }
    }

    private OwnedFd OpenParent(byte[] path)
    {
        OpenHow how = new(OpenFlags.Path | OpenFlags.Directory, 0, ResolveFlags.NoSymlinks);
        Errno errno = Libc.Openat2(Fd.Cwd, CString.FromTerminated([.. path, 0]), how, out OwnedFd parent);
        return errno.IsOk ? parent : throw Failed(errno);
    }

    private MountFailedException Failed(Errno errno) => new($"cannot unmount {DisplayText.FromBytes(invocation.Mountpoint)}", errno);
}
