namespace Servers.Ext4;

/// <summary>Recognises what people mount by mistake, to name it in the refusal.</summary>
internal static class ForeignFormat
{
    private const int SampleSize = 0x10200;

    /// <summary>What the device holds instead of ext4, or null when that is not known.</summary>
    public static string? Detect(IBlockDevice device)
    {
        byte[] sample = new byte[SampleSize];
        int length = (int)Math.Min(device.Length, SampleSize);
        if (length == 0)
        {
            return "an empty device";
        }

        ReadOnlySpan<byte> bytes = sample;
        if (!device.ReadAt(0, sample.AsSpan(0, length)))
        {
            return null;
        }

        return Detect(bytes) ?? DetectIso(device) ?? (bytes.ContainsAnyExcept((byte)0) ? null : "only zeros at its start");
    }

    private static string? Detect(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> boot = bytes[..512];
        return boot switch
        {
            _ when At(bytes, 0, "LUKS"u8) && bytes.U16(4) == 0xBEBA => "a LUKS container",
            _ when HasLvmLabel(bytes) => "an LVM physical volume",
            _ when At(bytes, 0x10040, "_BHRfS_M"u8) => "btrfs",
            _ when At(bytes, 0, "XFSB"u8) => "xfs",
            _ when At(bytes, 3, "EXFAT   "u8) => "exfat",
            _ when At(bytes, 3, "NTFS    "u8) => "ntfs",
            _ when At(bytes, 0x52, "FAT32   "u8) || At(bytes, 0x36, "FAT1"u8) || At(bytes, 0x36, "FAT  "u8) => "vfat",
            _ when At(bytes, 0, "hsqs"u8) || At(bytes, 0, "sqsh"u8) => "squashfs",
            _ when bytes.U32(0x400) == 0xE0F5_E1E2 => "erofs",
            _ when IsSwap(bytes) => "swap space",
            _ when At(bytes, 0, "PK\u0003\u0004"u8) => "a zip archive",
            _ when At(bytes, 512, "EFI PART"u8) => "a GPT partition table",
            _ when boot[510] == 0x55 && boot[511] == 0xAA => "a boot sector or partition table",
            _ => null,
        };
    }

    private static string? DetectIso(IBlockDevice device)
    {
        Span<byte> descriptor = stackalloc byte[6];
        return device.ReadAt(0x8000, descriptor) && descriptor[1..].SequenceEqual("CD001"u8) ? "iso9660" : null;
    }

    private static bool HasLvmLabel(ReadOnlySpan<byte> bytes)
    {
        for (int sector = 0; sector < 4; sector++)
        {
            if (At(bytes, sector * 512, "LABELONE"u8))
            {
                return true;
            }
        }

        return false;
    }

    // The signature ends the first page, whose size is the machine's.
    private static bool IsSwap(ReadOnlySpan<byte> bytes)
    {
        for (int page = 4096; page <= 65536; page *= 2)
        {
            if (At(bytes, page - 10, "SWAPSPACE2"u8) || At(bytes, page - 10, "SWAP-SPACE"u8))
            {
                return true;
            }
        }

        return false;
    }

    private static bool At(ReadOnlySpan<byte> bytes, int offset, ReadOnlySpan<byte> magic) => bytes[offset..].StartsWith(magic);
}
