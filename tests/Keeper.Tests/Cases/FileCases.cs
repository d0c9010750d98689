using MountHelper.Keeper;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace Keeper.Tests;

internal static class FileCases
{
    public static IReadOnlyList<FileCase> All { get; } =
    [
        // Through another mount than the one that its access mode belongs to.
        new("opened for reading through the read-write clone", KeeperRule.ReadingHasItsClone, KeeperRefusal.NotForReading,
            static stage => stage.Open(stage.ReadWrite, "file", OpenFlags.ReadOnly)),
        new("opened for writing in the source", KeeperRule.WritingHasItsClone, KeeperRefusal.NotForWriting,
            static stage => stage.Open(stage.Source + "/file", OpenFlags.ReadWrite)),
        new("opened for reading in the source", KeeperRule.ReadingHasItsClone, KeeperRefusal.NotForReading,
            static stage => stage.Open(stage.Source + "/file", OpenFlags.ReadOnly)),
        new("opened for writing through a third clone", KeeperRule.WritingHasItsClone, KeeperRefusal.NotForWriting,
            static stage => stage.Open(stage.CloneOf(stage.Source, readOnly: false), "file", OpenFlags.ReadWrite)),
        new("opened for reading through a third clone", KeeperRule.ReadingHasItsClone, KeeperRefusal.NotForReading,
            static stage => stage.Open(stage.CloneOf(stage.Source, readOnly: true), "file", OpenFlags.ReadOnly)),
        new("opened for writing on another filesystem", KeeperRule.WritingHasItsClone, KeeperRefusal.NotForWriting,
            static stage => stage.Open(stage.Listener.Address + "-other", OpenFlags.ReadWrite | OpenFlags.Create)),
        new("opened for reading on another filesystem", KeeperRule.ReadingHasItsClone, KeeperRefusal.NotForReading,
            static stage => stage.Open("/etc/passwd", OpenFlags.ReadOnly)),
        new("without a name, made in the source", KeeperRule.WritingHasItsClone, KeeperRefusal.NotForWriting,
            static stage => stage.Open(stage.Source, OpenFlags.TemporaryFile | OpenFlags.ReadWrite)),
        new("of memory", KeeperRule.WritingHasItsClone, KeeperRefusal.NotForWriting, Memfd),
        new("its own mount's, for writing", KeeperRule.WritingHasItsClone, KeeperRefusal.NotForWriting,
            static stage => stage.Keep(stage.Fuse.Open(OpenFlags.ReadWrite))),
        new("its own mount's, for reading", KeeperRule.ReadingHasItsClone, KeeperRefusal.NotForReading,
            static stage => stage.Keep(stage.Fuse.Open(OpenFlags.ReadOnly))),

        // No proof of a right, or of too much.
        new("a place on the read-write clone", KeeperRule.FilesAreOpened, KeeperRefusal.OnlyAPlace,
            static stage => stage.Open(stage.ReadWrite, "file", OpenFlags.Path)),
        new("a place on the read-only clone", KeeperRule.FilesAreOpened, KeeperRefusal.OnlyAPlace,
            static stage => stage.Open(stage.ReadOnly, "file", OpenFlags.Path)),
        new("opened for writing alone", KeeperRule.FilesCanBeRead, KeeperRefusal.WriteOnly,
            static stage => stage.Open(stage.ReadWrite, "file", OpenFlags.WriteOnly)),
        new("opened for appending alone", KeeperRule.FilesCanBeRead, KeeperRefusal.WriteOnly,
            static stage => stage.Open(stage.ReadWrite, "file", OpenFlags.WriteOnly | OpenFlags.Append)),
        new("opened for neither", KeeperRule.FilesCanBeRead, KeeperRefusal.WriteOnly,
            static stage => stage.Open(stage.ReadWrite, "file", OpenFlags.AccessModeMask)),
        new("append-only", KeeperRule.ProtectedFilesStaySo, KeeperRefusal.Protected, AppendOnly),
        new("made immutable after it was opened", KeeperRule.ProtectedFilesStaySo, KeeperRefusal.Protected, Immutable),

        // No file at all.
        new("a directory of the read-only clone", KeeperRule.FilesAreRegular, KeeperRefusal.NotARegularFile,
            static stage => stage.Open(stage.ReadOnly, "folder", OpenFlags.Directory)),
        new("a directory of the read-write clone", KeeperRule.FilesAreRegular, KeeperRefusal.NotARegularFile,
            static stage => stage.Open(stage.ReadWrite, "folder", OpenFlags.Directory)),
        new("a device", KeeperRule.FilesAreRegular, KeeperRefusal.NotARegularFile,
            static stage => stage.Open("/dev/zero", OpenFlags.ReadWrite)),
        new("the device of its own mount", KeeperRule.FilesAreRegular, KeeperRefusal.NotARegularFile,
            static stage => stage.Keep(stage.Fuse.Clone())),
        new("a pipe", KeeperRule.FilesAreRegular, KeeperRefusal.NotARegularFile, Pipe),
        new("a named pipe of the read-write clone", KeeperRule.FilesAreRegular, KeeperRefusal.NotARegularFile, Fifo),
        new("its own end of the channel", KeeperRule.FilesAreRegular, KeeperRefusal.NotARegularFile,
            static stage => stage.Server.Handle),
        new("an eventfd", KeeperRule.FilesAreRegular, KeeperRefusal.NotARegularFile, Eventfd),
    ];

    private static OwnedFd Memfd(KeeperStage stage)
    {
        Assert.Equal(Errno.None, Libc.MemfdCreate(CString.FromTerminated("memory\0"u8), out OwnedFd fd));
        return stage.Keep(fd);
    }

    private static OwnedFd Pipe(KeeperStage stage)
    {
        Assert.Equal(Errno.None, Libc.Pipe(out OwnedFd read, out OwnedFd write));
        stage.Keep(write);
        return stage.Keep(read);
    }

    private static OwnedFd Eventfd(KeeperStage stage)
    {
        Assert.Equal(Errno.None, Libc.Eventfd(out OwnedFd fd));
        return stage.Keep(fd);
    }

    private static OwnedFd Fifo(KeeperStage stage)
    {
        const uint S_IFIFO = 0x1000;
        Assert.Equal(Errno.None, Libc.Mknodat(stage.ReadWrite, CString.FromTerminated("fifo\0"u8), S_IFIFO | 0x180, 0));
        return stage.Open(stage.ReadWrite, "fifo", OpenFlags.ReadWrite);
    }

    private static OwnedFd AppendOnly(KeeperStage stage)
    {
        KeeperStage.Run("chattr", "+a", stage.Source + "/file");
        return stage.Open(stage.ReadWrite, "file", OpenFlags.ReadWrite | OpenFlags.Append);
    }

    private static OwnedFd Immutable(KeeperStage stage)
    {
        OwnedFd file = stage.Open(stage.ReadWrite, "file", OpenFlags.ReadWrite);
        KeeperStage.Run("chattr", "+i", stage.Source + "/file");
        return file;
    }
}
