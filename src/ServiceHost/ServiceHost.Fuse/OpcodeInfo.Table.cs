namespace ServiceHost.Fuse;

internal sealed partial class OpcodeInfo
{
    private static readonly OpcodeInfo?[] s_table = BuildTable();

    private static OpcodeInfo?[] BuildTable()
    {
        OpcodeInfo[] known =
        [
            new(FuseOpcode.Lookup, "LOOKUP") { FirstName = NameRule.Lookup, ReplySize = SizeOf<FuseEntryOut>() },
            new(FuseOpcode.Forget, "FORGET") { FixedSize = SizeOf<FuseForgetIn>(), Reply = ReplyKind.Never },
            new(FuseOpcode.Getattr, "GETATTR") { FixedSize = SizeOf<FuseGetattrIn>(), ReplySize = SizeOf<FuseAttrOut>() },
            new(FuseOpcode.Setattr, "SETATTR") { FixedSize = SizeOf<FuseSetattrIn>(), ReplySize = SizeOf<FuseAttrOut>() },
            new(FuseOpcode.Readlink, "READLINK") { Reply = ReplyKind.Variable },
            new(FuseOpcode.Symlink, "SYMLINK")
            {
                FirstName = NameRule.Component,
                SecondName = NameRule.Target,
                TakesExtensions = true,
                ReplySize = SizeOf<FuseEntryOut>(),
            },
            new(FuseOpcode.Mknod, "MKNOD")
            {
                FixedSize = SizeOf<FuseMknodIn>(),
                FirstName = NameRule.Component,
                TakesExtensions = true,
                ReplySize = SizeOf<FuseEntryOut>(),
            },
            new(FuseOpcode.Mkdir, "MKDIR")
            {
                FixedSize = SizeOf<FuseMkdirIn>(),
                FirstName = NameRule.Component,
                TakesExtensions = true,
                ReplySize = SizeOf<FuseEntryOut>(),
            },
            new(FuseOpcode.Unlink, "UNLINK") { FirstName = NameRule.Component },
            new(FuseOpcode.Rmdir, "RMDIR") { FirstName = NameRule.Component },
            new(FuseOpcode.Rename, "RENAME")
            {
                FixedSize = SizeOf<FuseRenameIn>(),
                FirstName = NameRule.Component,
                SecondName = NameRule.Component,
            },
            new(FuseOpcode.Link, "LINK")
            {
                FixedSize = SizeOf<FuseLinkIn>(),
                FirstName = NameRule.Component,
                ReplySize = SizeOf<FuseEntryOut>(),
            },
            new(FuseOpcode.Open, "OPEN") { FixedSize = SizeOf<FuseOpenIn>(), ReplySize = SizeOf<FuseOpenOut>() },
            new(FuseOpcode.Read, "READ") { FixedSize = SizeOf<FuseReadIn>(), Reply = ReplyKind.Variable },
            new(FuseOpcode.Write, "WRITE")
            {
                FixedSize = SizeOf<FuseWriteIn>(),
                HasData = true,
                ReplySize = SizeOf<FuseWriteOut>(),
            },
            new(FuseOpcode.Statfs, "STATFS") { ReplySize = SizeOf<FuseStatfsOut>() },
            new(FuseOpcode.Release, "RELEASE") { FixedSize = SizeOf<FuseReleaseIn>() },
            new(FuseOpcode.Fsync, "FSYNC") { FixedSize = SizeOf<FuseFsyncIn>() },
            new(FuseOpcode.Setxattr, "SETXATTR")
            {
                FixedSize = SizeOf<FuseSetxattrIn>(),
                ShortSize = 8,
                FirstName = NameRule.Xattr,
                HasData = true,
            },
            new(FuseOpcode.Getxattr, "GETXATTR")
            {
                FixedSize = SizeOf<FuseGetxattrIn>(),
                FirstName = NameRule.Xattr,
                Reply = ReplyKind.Variable,
            },
            new(FuseOpcode.Listxattr, "LISTXATTR") { FixedSize = SizeOf<FuseGetxattrIn>(), Reply = ReplyKind.Variable },
            new(FuseOpcode.Removexattr, "REMOVEXATTR") { FirstName = NameRule.Xattr },
            new(FuseOpcode.Flush, "FLUSH") { FixedSize = SizeOf<FuseFlushIn>() },
            new(FuseOpcode.Init, "INIT") { FixedSize = OldestInitSize, HasData = true, ReplySize = SizeOf<FuseInitOut>() },
            new(FuseOpcode.Opendir, "OPENDIR") { FixedSize = SizeOf<FuseOpenIn>(), ReplySize = SizeOf<FuseOpenOut>() },
            new(FuseOpcode.Readdir, "READDIR") { FixedSize = SizeOf<FuseReadIn>(), Reply = ReplyKind.Variable },
            new(FuseOpcode.Releasedir, "RELEASEDIR") { FixedSize = SizeOf<FuseReleaseIn>() },
            new(FuseOpcode.Fsyncdir, "FSYNCDIR") { FixedSize = SizeOf<FuseFsyncIn>() },
            new(FuseOpcode.Getlk, "GETLK") { FixedSize = SizeOf<FuseLkIn>(), ReplySize = SizeOf<FuseLkOut>() },
            new(FuseOpcode.Setlk, "SETLK") { FixedSize = SizeOf<FuseLkIn>() },
            new(FuseOpcode.Setlkw, "SETLKW") { FixedSize = SizeOf<FuseLkIn>() },
            new(FuseOpcode.Access, "ACCESS") { FixedSize = SizeOf<FuseAccessIn>() },
            new(FuseOpcode.Create, "CREATE")
            {
                FixedSize = SizeOf<FuseCreateIn>(),
                FirstName = NameRule.Component,
                TakesExtensions = true,
                ReplySize = SizeOf<FuseEntryOut>() + SizeOf<FuseOpenOut>(),
            },
            new(FuseOpcode.Interrupt, "INTERRUPT") { FixedSize = SizeOf<FuseInterruptIn>(), Reply = ReplyKind.Never },
            new(FuseOpcode.Bmap, "BMAP") { FixedSize = SizeOf<FuseBmapIn>(), ReplySize = SizeOf<FuseBmapOut>() },
            new(FuseOpcode.Destroy, "DESTROY"),
            new(FuseOpcode.Ioctl, "IOCTL") { FixedSize = SizeOf<FuseIoctlIn>(), HasData = true, Reply = ReplyKind.Variable },
            new(FuseOpcode.Poll, "POLL") { FixedSize = SizeOf<FusePollIn>(), ReplySize = SizeOf<FusePollOut>() },
            new(FuseOpcode.NotifyReply, "NOTIFY_REPLY")
            {
                FixedSize = SizeOf<FuseNotifyRetrieveIn>(),
                HasData = true,
                Reply = ReplyKind.Never,
            },
            new(FuseOpcode.BatchForget, "BATCH_FORGET")
            {
                FixedSize = SizeOf<FuseBatchForgetIn>(),
                HasData = true,
                Reply = ReplyKind.Never,
            },
            new(FuseOpcode.Fallocate, "FALLOCATE") { FixedSize = SizeOf<FuseFallocateIn>() },
            new(FuseOpcode.Readdirplus, "READDIRPLUS") { FixedSize = SizeOf<FuseReadIn>(), Reply = ReplyKind.Variable },
            new(FuseOpcode.Rename2, "RENAME2")
            {
                FixedSize = SizeOf<FuseRename2In>(),
                FirstName = NameRule.Component,
                SecondName = NameRule.Component,
            },
            new(FuseOpcode.Lseek, "LSEEK") { FixedSize = SizeOf<FuseLseekIn>(), ReplySize = SizeOf<FuseLseekOut>() },
            new(FuseOpcode.CopyFileRange, "COPY_FILE_RANGE")
            {
                FixedSize = SizeOf<FuseCopyFileRangeIn>(),
                ReplySize = SizeOf<FuseWriteOut>(),
            },
            new(FuseOpcode.Setupmapping, "SETUPMAPPING") { FixedSize = SizeOf<FuseSetupmappingIn>() },
            new(FuseOpcode.Removemapping, "REMOVEMAPPING") { FixedSize = SizeOf<FuseRemovemappingIn>(), HasData = true },
            new(FuseOpcode.Syncfs, "SYNCFS") { FixedSize = SizeOf<FuseSyncfsIn>() },
            new(FuseOpcode.Tmpfile, "TMPFILE")
            {
                FixedSize = SizeOf<FuseCreateIn>(),
                FirstName = NameRule.Placeholder,
                TakesExtensions = true,
                ReplySize = SizeOf<FuseEntryOut>() + SizeOf<FuseOpenOut>(),
            },
            new(FuseOpcode.Statx, "STATX") { FixedSize = SizeOf<FuseStatxIn>(), ReplySize = SizeOf<FuseStatxOut>() },
            new(FuseOpcode.CopyFileRange64, "COPY_FILE_RANGE_64")
            {
                FixedSize = SizeOf<FuseCopyFileRangeIn>(),
                ReplySize = SizeOf<FuseCopyFileRangeOut>(),
            },
        ];
        OpcodeInfo?[] table = new OpcodeInfo?[(int)known.Max(info => info.Opcode) + 1];
        foreach (OpcodeInfo info in known)
        {
            table[(int)info.Opcode] = info;
        }

        return table;
    }
}
