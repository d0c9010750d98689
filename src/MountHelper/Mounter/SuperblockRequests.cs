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

    public static SuperblockRequest Make(
        MountPlan plan, bool fuseBlk, VfsFlags flags, bool defaultPermissions, bool allowOther, uint maxRead, uint blockSize) => new()
    {
        FilesystemType = fuseBlk ? FuseBlk : Fuse,
        Subtype = Subtype(plan),
        Source = fuseBlk ? DevicePath(plan) : plan.ShownSource,
        RootMode = (uint)(plan.Target.IsDirectory ? ModeBits.Directory : ModeBits.Regular),
        UserId = plan.Caller.Uid,
        GroupId = plan.Caller.Gid,
        AllowOther = allowOther,
        DefaultPermissions = defaultPermissions,
        MaxRead = maxRead,
        BlockSize = blockSize,
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

    private static byte[] DevicePath(MountPlan plan)
    {
        Errno errno = plan.Source!.CurrentPath(out byte[] path);
        return errno.IsOk ? path : throw new MountFailedException($"the path of {plan.Source.Display}", errno);
    }
}
