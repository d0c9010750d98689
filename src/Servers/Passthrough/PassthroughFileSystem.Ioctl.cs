using ServiceHost.Fuse;
using ServiceHost.Linux;

namespace Servers.Passthrough;

// File attributes of chattr and lsattr, project ids, and the inode's generation. FUSE passes on any ioctl of anybody who has the file open, and what
// we hold may be more powerful than the caller, so nothing but this list goes through. The commands that change something reach a
// FUSE filesystem through the kernel's own file attribute calls only, which check ownership and CAP_LINUX_IMMUTABLE of the caller.
internal sealed partial class PassthroughFileSystem
{
    internal const uint FS_IOC_GETFLAGS = 0x8008_6601;
    internal const uint FS_IOC_SETFLAGS = 0x4008_6602;
    internal const uint FS_IOC_GETVERSION = 0x8008_7601;
    internal const uint FS_IOC_FSGETXATTR = 0x801C_581F;
    internal const uint FS_IOC_FSSETXATTR = 0x401C_5820;
    private const int FsxattrSize = 28;

    // The commands are defined with a long, but the kernel reads and writes an int; a long is what may be touched.
    private const int FlagsSize = 4;
    private const int ArgumentRoom = 32;

    public override Errno Ioctl(
        in RequestContext ctx,
        NodeId node,
        in FuseIoctlIn request,
        ReadOnlySpan<byte> input,
        Span<byte> output,
        out int result,
        out int length)
    {
        result = 0;
        length = 0;
        int size = request.Cmd switch
        {
            FS_IOC_GETFLAGS or FS_IOC_SETFLAGS or FS_IOC_GETVERSION => FlagsSize,
            FS_IOC_FSGETXATTR or FS_IOC_FSSETXATTR => FsxattrSize,
            _ => 0,
        };
        if (size == 0)
        {
            return Errno.ENOTTY;
        }

        bool isSet = request.Cmd is FS_IOC_SETFLAGS or FS_IOC_FSSETXATTR;
        if (isSet ? input.Length < size : output.Length < size)
        {
            return Errno.EINVAL;
        }

        using Pinned<OpenFile> file = _handles.Pin(request.Fh, node);
        if (!file.IsFound)
        {
            return Errno.EBADF;
        }

        Span<byte> argument = stackalloc byte[ArgumentRoom];
        argument.Clear();
        if (isSet)
        {
            input[..size].CopyTo(argument);
        }

        Errno errno = Libc.Ioctl(file.Fd, request.Cmd, argument, out result);
        if (errno.IsOk && !isSet)
        {
            argument[..size].CopyTo(output);
            length = size;
        }

        if (errno.IsOk && isSet)
        {
            // It has a new ctime, which the kernel does not expect of an ioctl. Attributes alone take no lock that its caller may hold.
            _ = _notifier!.InvalInode(node, -1, 0);
        }

        return errno;
    }
}
