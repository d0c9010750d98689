using System.Globalization;

namespace Ext4.Corpus.Tests;

/// <summary>One way to make a small filesystem: what mke2fs is told, and what debugfs adds that mke2fs cannot.</summary>
/// <param name="Journal">jo's arguments for a journal that is left dirty, or null.</param>
internal sealed record BaseImage(string Name, string Size, string[] Arguments, string[] Commands, string? Journal = null)
{
    /// <summary>debugfs forgets the old transaction checksum when it writes nothing but a revoke record, which no kernel then recovers.</summary>
    public bool CanRevoke { get; init; } = true;

    /// <summary>A feature that is switched on last: with mmp, every tool before would wait for other hosts.</summary>
    public string? LastFeature { get; init; }

    private static readonly string[] s_attributes =
    [
        "ea_set a user.short value", "ea_set a user.long " + new string('v', 700), "ea_set dir user.on-a-directory x",
        "mknod char c 1 3", "mknod pipe p", "mknod block b 8 1",
    ];

    /// <summary>Between them they have every structure that the format knows and mke2fs can make.</summary>
    public static IReadOnlyList<BaseImage> All { get; } =
    [
        new("checksums and a dirty journal", "3M",
            Ext4("metadata_csum,64bit,^resize_inode", "-J", "size=1"), s_attributes, "-c -v 3"),
        new("inline data, large attributes, an orphan file", "2500k",
            Ext4("metadata_csum,metadata_csum_seed,inline_data,ea_inode,orphan_file,^resize_inode", "-J", "size=1"),
            [.. s_attributes, "ea_set dir user.in-an-inode " + new string('w', 3000)]),
        new("ext2 with indirect maps", "2M", ["-t", "ext2", "-b", "1024", "-N", "512", "-I", "128"], s_attributes),
        new("ext3 with a dirty journal", "3M",
            ["-t", "ext3", "-b", "1024", "-N", "512", "-I", "256", "-J", "size=1"], s_attributes, ""),
        new("uninitialised groups", "2M", Ext4("uninit_bg,^metadata_csum,^has_journal,^64bit", "-g", "512", "-G", "4"), s_attributes),
        new("clusters and casefolding", "2M",
            Ext4("bigalloc,metadata_csum,casefold,^has_journal,^resize_inode", "-C", "4096", "-E", "encoding=utf8"),
            [.. s_attributes, "set_inode_field empty flags 0x40080000"]),
        new("quota, projects and multi-mount protection", "2500k",
            Ext4("quota,project,metadata_csum,large_dir,^has_journal,^resize_inode", "-E", "quotatype=usrquota:grpquota:prjquota"), s_attributes)
            { LastFeature = "mmp" },
        new("blocks of 4096 and TEA", "4M",
            ["-t", "ext4", "-b", "4096", "-N", "512", "-O", "^has_journal,metadata_csum,64bit"],
            [.. s_attributes, "ssv def_hash_version tea"]),
        new("old hashes and signed names, transaction checksums", "3M",
            Ext4("^metadata_csum,uninit_bg,^resize_inode", "-J", "size=1"), [.. s_attributes, "ssv def_hash_version legacy"], "-c -v 2")
            { CanRevoke = false },
    ];

    /// <summary>Makes the image; its bytes are all that remains.</summary>
    public byte[] Make()
    {
        string work = MemoryDirectory.Create("ext4-base-");
        try
        {
            string tree = Path.Combine(work, "tree"), image = Path.Combine(work, "image");
            BaseTree.Fill(tree);
            Tool.Run("mke2fs", ["-q", "-F", .. Arguments, "-d", tree, image, Size]);
            Debugfs(work, image, Commands);
            // Builds the hash trees that mke2fs leaves out; 1 means "repaired".
            Tool.RunAny("e2fsck", "-fyD", image);
            if (Journal is not null) DirtyJournal(work, image, Journal);
            if (LastFeature is not null) Tool.Run("tune2fs", "-O", LastFeature, image);
            return File.ReadAllBytes(image);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static string[] Ext4(string features, params string[] more) =>
        ["-t", "ext4", "-b", "1024", "-N", "512", "-I", "256", "-O", features, .. more];

    // Logs the block of the directory with changed times, an escaped block and a revoked one.
    private void DirtyJournal(string work, string image, string open)
    {
        string block = Tool.Run("debugfs", "-R", "bmap /big 0", image).Trim();
        string number = block.Split('\n')[^1].Trim();
        string copy = Path.Combine(work, "copy"), escaped = Path.Combine(work, "escaped");
        byte[] bytes = File.ReadAllBytes(image);
        int at = int.Parse(number, CultureInfo.InvariantCulture) * 1024;
        File.WriteAllBytes(copy, bytes.AsSpan(at, 1024));
        byte[] magic = new byte[1024];
        new byte[] { 0xC0, 0x3B, 0x39, 0x98 }.CopyTo(magic, 0);
        File.WriteAllBytes(escaped, magic);
        int free = (bytes.Length / 1024) - 8;
        string[] revoke = CanRevoke ? [$"jw -r {free + 1}"] : [];
        Debugfs(work, image, [$"jo {open}", $"jw -b {number} {copy}", $"jw -b {free} {escaped}", $"jw -b {free + 1} {escaped}",
            .. revoke, $"jw -b {number} {copy}", "jc"]);
    }

    private static void Debugfs(string work, string image, string[] commands)
    {
        string script = Path.Combine(work, "commands");
        File.WriteAllLines(script, commands);
        Tool.Run("debugfs", "-w", "-f", script, image);
    }
}
