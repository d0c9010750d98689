using System.Text;
using MountHelper.Mounting;
using ServiceHost.Linux;

namespace MountHelper;

/// <summary>
/// Turns a plan into what the kernel is told. Source, subtype, owner, who may look and all flags are the plan's; a server adds
/// numbers and, at most, restrictions.
/// </summary>
internal static class SuperblockRequests
{
    public const string Fuse = "fuse";
    public const string FuseBlk = "fuseblk";

    private const uint BLKSSZGET = 0x1268;
    private const uint UsualSector = 512;

    /// <param name="plan">What was asked for.</param>
    /// <param name="device">The block device of a fuseblk mount; null for any other.</param>
    /// <param name="flags">The caller's, and what the server takes away.</param>
    /// <param name="defaultPermissions">The kernel checks.</param>
    /// <param name="allowOther">Others may look.</param>
    /// <param name="maxRead">0 is the kernel's default.</param>
    /// <param name="blockSize">0 is the smallest that the device has.</param>
    public static SuperblockRequest Make(
        MountPlan plan, PinnedSource? device, VfsFlags flags, bool defaultPermissions, bool allowOther, uint maxRead, uint blockSize) => new()
    {
        FilesystemType = device is null ? Fuse : FuseBlk,
        Subtype = Subtype(plan),
        Source = device is null ? plan.ShownSource : DevicePath(device),
        RootMode = (uint)(plan.Target.IsDirectory ? ModeBits.Directory : ModeBits.Regular),
        UserId = plan.Caller.Uid,
        GroupId = plan.Caller.Gid,
        AllowOther = allowOther,
        DefaultPermissions = defaultPermissions,
        MaxRead = maxRead,
        BlockSize = device is null || blockSize != 0 ? blockSize : SmallestBlock(device),
        Attributes = flags.ToAttributes(),
        SuperblockWords = [.. flags.ToSuperblockWords(), .. plan.Options.SecurityWords.Select(static word => word.ToKernelText())],
    };

    private static string Subtype(MountPlan plan)
    {
        string subtype = plan.Options.Subtype is { } written ? Encoding.Latin1.GetString(written) : plan.Type.Name;
        MountFailedException.ThrowIfBroken(Rule.OptionsAreUnderstood,
            !ServiceHost.MountProtocol.ProtocolName.IsValid(subtype), "the value of subtype= is no name of a type");
        return subtype;
    }

    private static byte[] DevicePath(PinnedSource device)
    {
        Errno errno = device.CurrentPath(out byte[] path);
        return errno.IsOk ? path : throw new MountFailedException($"the path of {device.Display}", errno);
    }

    /// <summary>The kernel's own default, 512 bytes, is refused by a disk with larger sectors.</summary>
    private static uint SmallestBlock(PinnedSource device)
    {
        Errno errno = device.Open(OpenFlags.ReadOnly, out OwnedFd opened);
        using (opened)
        {
            Span<byte> size = stackalloc byte[sizeof(uint)];
            errno = errno.IsError ? errno : Libc.Ioctl(opened, BLKSSZGET, size, out _);
            uint sector = errno.IsOk ? BitConverter.ToUInt32(size) : throw new MountFailedException($"the sector size of {device.Display}", errno);
            return sector > UsualSector ? sector : 0;
        }
    }
}
