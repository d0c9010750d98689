using Servers.Ext4;

namespace Ext4.Tests;

/// <summary>Opens an image, finds structures in it and changes their bytes. Each look opens the volume anew, so no cache is in the way.</summary>
internal sealed class ImageSurgeon(MemoryDevice device)
{
    public MemoryDevice Device { get; } = device;

    public List<Ext4Error> Faults { get; } = [];

    public Ext4Volume Open()
    {
        MountRefusal? refusal = Ext4Volume.Open(Device, new VolumeOptions { OnFault = Faults.Add }, out Ext4Volume? volume);
        Assert.Null(refusal);
        return volume!;
    }

    public MountRefusal Refused() => Assert.IsType<MountRefusal>(Ext4Volume.Open(Device, new VolumeOptions(), out _));

    /// <summary>The structures behind the public operations, as they are now.</summary>
    public VolumeCore Core() => new(Device, Superblock.Decode(Device.Bytes.AsSpan(1024, 1024), Device.Length), new VolumeOptions());

    public Ext4Error TryFind(string path, out Inode? inode, Ext4Volume? volume = null)
    {
        volume ??= Open();
        Ext4Error error = volume.GetInode(InodeNumber.Root, out inode);
        foreach (string name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            error = volume.Lookup(inode!, System.Text.Encoding.UTF8.GetBytes(name), out inode);
            if (!error.IsNone)
            {
                return error;
            }
        }

        return error;
    }

    public Inode Find(string path, Ext4Volume? volume = null)
    {
        Assert.Equal(Ext4Error.None, TryFind(path, out Inode? inode, volume));
        return inode!;
    }

    /// <summary>Where an inode begins in the image.</summary>
    public int InodeOffset(string path) => InodeOffset(Find(path).Number.Value);

    public int InodeOffset(uint ino)
    {
        VolumeCore core = Core();
        uint group = (ino - 1) / core.Superblock.InodesPerGroup;
        uint place = (ino - 1) % core.Superblock.InodesPerGroup;
        return (int)((long)core.Groups.Get(group).InodeTable.Value * core.Superblock.BlockSize) + ((int)place * core.Superblock.InodeSize);
    }

    /// <summary>Where a block of a file begins in the image.</summary>
    public int BlockOffset(string path, uint fileBlock)
    {
        VolumeCore core = Core();
        BlockRun run = BlockMap.Lookup(core, Find(path), fileBlock);
        Assert.Equal(RunState.Mapped, run.State);
        return (int)((long)run.Start.Value * core.Superblock.BlockSize);
    }

    public void Put(int offset, params byte[] bytes) => bytes.CopyTo(Device.Bytes, offset);

    public void Put16(int offset, int value) => BitConverter.TryWriteBytes(Device.Bytes.AsSpan(offset), (ushort)value);

    public void Put32(int offset, uint value) => BitConverter.TryWriteBytes(Device.Bytes.AsSpan(offset), value);

    public uint Get32(int offset) => BitConverter.ToUInt32(Device.Bytes, offset);

    /// <summary>Names in a directory, in the order shown, and how the listing ended.</summary>
    public static (List<string> Names, Ext4Error Error) List(Ext4Volume volume, Inode directory, ulong position = 0)
    {
        Assert.Equal(Ext4Error.None, volume.OpenDirectory(directory, position, out DirectoryReader? reader));
        var names = new List<string>();
        while (reader!.MoveNext())
        {
            names.Add(System.Text.Encoding.UTF8.GetString(reader.Current.Name));
        }

        return (names, reader.Error);
    }
}
