using ServiceHost.Fuse;
using ServiceHost.Linux;

namespace Servers.Ext4.Server;

/// <summary>
/// A volume, served. Nothing can change behind the mount, so the kernel may keep names, attributes and pages for as long as it likes, and
/// no state hangs on a lookup: a node id is the inode's number.
/// <para>Permissions and ACLs are checked by the kernel in front of us (default_permissions, POSIX ACL). The partial classes are one operation
/// family each: Lookup, Attr, Data, Directories, Xattr, Ioctl.</para>
/// </summary>
internal sealed partial class Ext4FileSystem : FuseFileSystem
{
    private readonly Ext4Volume _volume;
    private readonly Ext4FileSystemOptions _options;
    private readonly Attributes _attributes;
    private readonly OpenInodes _open = new();
    private readonly FaultReporter _faults;
    private readonly Validity _entryValid;
    private readonly Validity _attrValid;

    public Ext4FileSystem(Ext4Volume volume, Ext4FileSystemOptions options, FaultReporter faults)
    {
        _volume = volume;
        _options = options;
        _faults = faults;
        _attributes = new Attributes(volume, options.Owners);
        _entryValid = Validity.Of(options.EntryTimeout);
        _attrValid = Validity.Of(options.AttributeTimeout);
    }

    public override Errno Statfs(in RequestContext ctx, NodeId node, out FuseKstatfs statfs)
    {
        VolumeStatistics volume = _volume.Statfs(_options.MinixDf);
        statfs = new FuseKstatfs
        {
            Blocks = volume.Blocks,
            BFree = volume.FreeBlocks,
            BAvail = volume.AvailableBlocks,
            Files = volume.Files,
            FFree = volume.FreeFiles,
            BSize = volume.BlockSize,
            NameLen = volume.MaximumName,
            FrSize = volume.BlockSize,
        };
        return Errno.None;
    }

    /// <summary>FUSE's root is node 1, which ext4 uses for bad blocks and never shows; every other node is the inode's number.</summary>
    private static NodeId NodeOf(InodeNumber number) =>
        number == InodeNumber.Root ? NodeId.Root : new NodeId(number.Value);

    private static InodeNumber NumberOf(NodeId node) =>
        node == NodeId.Root ? InodeNumber.Root : new InodeNumber((uint)Math.Min(node.Value, uint.MaxValue));

    private Errno Get(NodeId node, out Inode? inode) => Answer(_volume.GetInode(NumberOf(node), out inode));

    /// <summary>What the disk is to blame for is told once on its way to the caller.</summary>
    private Errno Answer(in Ext4Error error)
    {
        if (error.IsDiskFault)
        {
            _faults.Report(error);
        }

        return Ext4Errno.From(error.Kind);
    }
}
