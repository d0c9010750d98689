namespace Servers.Ext4.Server;

/// <summary>
/// Finds a partition by its number, as the kernel would number it: GPT entries from 1 on, MBR's four primaries and then the logical
/// ones from 5 on. The table is as hostile as the rest of the image: every link is followed a bounded number of times, every size
/// is measured against the device.
/// </summary>
internal static class PartitionTable
{
    public const int HighestNumber = 128;

    private static readonly int[] s_sectorSizes = [512, 4096];

    /// <summary>Null when there is no such partition, with the reason.</summary>
    public static Partition? Find(IBlockDevice device, int number, out string reason)
    {
        foreach (int sectorSize in s_sectorSizes)
        {
            if (GuidPartitionTable.TryRead(device, sectorSize, out GuidPartitionTable? table))
            {
                return Check(device, table!.Find(number), number, out reason);
            }
        }

        Span<byte> sector = stackalloc byte[MasterBootRecord.Size];
        if (device.ReadAt(0, sector) && MasterBootRecord.IsOne(sector))
        {
            if (MasterBootRecord.IsProtective(sector))
            {
                reason = "the GPT is damaged, and so is its backup";
                return null;
            }

            return Check(device, new MasterBootRecord(device).Find(number), number, out reason);
        }

        reason = "there is no partition table, neither GPT nor MBR";
        return null;
    }

    private static Partition? Check(IBlockDevice device, Partition? found, int number, out string reason)
    {
        reason = found is null ? $"there is no partition {number}" : $"partition {number} does not lie within the device";
        return found is { } partition && partition.Start > 0 && partition.Length > 0 && partition.Start <= device.Length - partition.Length
            ? found
            : null;
    }
}
