using System.Buffers.Binary;
using ServiceHost.Fuse;
using ServiceHost.Linux;

namespace Servers.Ext4.Server;

// lsattr, project ids, the inode's generation and the volume's name. Anybody who has a file open can send any of them, and all of these the
// kernel's ext4 answers to anybody too.
internal sealed partial class Ext4FileSystem
{
    private const uint FS_IOC_GETFLAGS = 0x8008_6601;
    private const uint FS_IOC_GETVERSION = 0x8008_7601;
    private const uint FS_IOC_FSGETXATTR = 0x801C_581F;
    private const uint FS_IOC_GETFSLABEL = 0x8100_9431;
    private const int LabelSize = 256;
    private const int FsxattrSize = 28;
    private const int FsxattrProject = 12;

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
            FS_IOC_GETFLAGS or FS_IOC_GETVERSION => sizeof(int),
            FS_IOC_FSGETXATTR => FsxattrSize,
            FS_IOC_GETFSLABEL => LabelSize,
            _ => 0,
        };
        if (size == 0)
        {
            return Errno.ENOTTY;
        }

        if (output.Length < size)
        {
            return Errno.EINVAL;
        }

        Errno errno = Get(node, out Inode? inode);
        if (errno.IsOk)
        {
            length = size;
            Fill(request.Cmd, inode!, output[..size]);
        }

        return errno;
    }

    private void Fill(uint command, Inode inode, Span<byte> output)
    {
        output.Clear();
        switch (command)
        {
            case FS_IOC_GETFLAGS:
                BinaryPrimitives.WriteUInt32LittleEndian(output, (uint)(inode.Flags & InodeFlags.UserVisible));
                break;
            case FS_IOC_GETVERSION:
                BinaryPrimitives.WriteUInt32LittleEndian(output, inode.Generation);
                break;
            case FS_IOC_FSGETXATTR:
                BinaryPrimitives.WriteUInt32LittleEndian(output, FsxFlags.Of(inode.Flags));
                BinaryPrimitives.WriteUInt32LittleEndian(output[FsxattrProject..], inode.ProjectId);
                break;
            case FS_IOC_GETFSLABEL:
                _volume.Superblock.VolumeName.CopyTo(output);
                break;
        }
    }
}
