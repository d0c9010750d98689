using static Ext4.Corpus.Tests.Meaning;

namespace Ext4.Corpus.Tests;

/// <summary>The fields that are always at the same place of their structure.</summary>
internal static class FieldTable
{
    public static IReadOnlyList<Field> Of(StructureKind kind) => s_fields.TryGetValue(kind, out Field[]? fields) ? fields : [];

    private static readonly Dictionary<StructureKind, Field[]> s_fields = new()
    {
        [StructureKind.Superblock] =
        [
            new("s_inodes_count", 0x00, 4, Count), new("s_blocks_count_lo", 0x04, 4, Count), new("s_r_blocks_count_lo", 0x08, 4, Count),
            new("s_free_blocks_count_lo", 0x0C, 4, Count), new("s_free_inodes_count", 0x10, 4, Count),
            new("s_first_data_block", 0x14, 4, Block), new("s_log_block_size", 0x18, 4, Count), new("s_log_cluster_size", 0x1C, 4, Count),
            new("s_blocks_per_group", 0x20, 4, Count), new("s_clusters_per_group", 0x24, 4, Count),
            new("s_inodes_per_group", 0x28, 4, Count), new("s_magic", 0x38, 2, Magic), new("s_state", 0x3A, 2, Flags),
            new("s_rev_level", 0x4C, 4, Count), new("s_first_ino", 0x54, 4, Inode), new("s_inode_size", 0x58, 2, Length),
            new("s_feature_compat", 0x5C, 4, Flags), new("s_feature_incompat", 0x60, 4, Flags),
            new("s_feature_ro_compat", 0x64, 4, Flags), new("s_reserved_gdt_blocks", 0xCE, 2, Count),
            new("s_journal_inum", 0xE0, 4, Inode), new("s_journal_dev", 0xE4, 4, Count), new("s_last_orphan", 0xE8, 4, Inode),
            new("s_hash_seed", 0xEC, 4, Hash), new("s_def_hash_version", 0xFC, 1, Count), new("s_desc_size", 0xFE, 2, Length),
            new("s_first_meta_bg", 0x104, 4, Count), new("s_jnl_blocks", 0x10C, 4, Block), new("s_blocks_count_hi", 0x150, 4, Count),
            new("s_free_blocks_count_hi", 0x158, 4, Count), new("s_min_extra_isize", 0x15C, 2, Length), new("s_flags", 0x160, 4, Flags),
            new("s_mmp_interval", 0x166, 2, Time), new("s_mmp_block", 0x168, 8, Block), new("s_log_groups_per_flex", 0x174, 1, Count),
            new("s_checksum_type", 0x175, 1, Count), new("s_encryption_level", 0x176, 1, Count), new("s_usr_quota_inum", 0x240, 4, Inode),
            new("s_overhead_blocks", 0x248, 4, Count), new("s_backup_bgs", 0x24C, 4, Count), new("s_prj_quota_inum", 0x26C, 4, Inode),
            new("s_checksum_seed", 0x270, 4, Hash), new("s_encoding", 0x27C, 2, Count), new("s_orphan_file_inum", 0x280, 4, Inode),
        ],
        [StructureKind.GroupDescriptor] =
        [
            new("bg_block_bitmap_lo", 0x00, 4, Block), new("bg_inode_bitmap_lo", 0x04, 4, Block), new("bg_inode_table_lo", 0x08, 4, Block),
            new("bg_free_blocks_count_lo", 0x0C, 2, Count), new("bg_free_inodes_count_lo", 0x0E, 2, Count),
            new("bg_used_dirs_count_lo", 0x10, 2, Count), new("bg_flags", 0x12, 2, Flags), new("bg_itable_unused_lo", 0x1C, 2, Count),
        ],
        [StructureKind.Inode] =
        [
            new("i_mode", 0x00, 2, Flags), new("i_uid", 0x02, 2, Count), new("i_size_lo", 0x04, 4, Length), new("i_atime", 0x08, 4, Time),
            new("i_dtime", 0x14, 4, Time), new("i_links_count", 0x1A, 2, Count), new("i_blocks_lo", 0x1C, 4, Count),
            new("i_flags", 0x20, 4, Flags), new("i_block[0]", 0x28, 4, Block), new("i_block[1]", 0x2C, 4, Block),
            new("i_block[4]", 0x38, 4, Block), new("i_block[12]", 0x58, 4, Block), new("i_block[13]", 0x5C, 4, Block),
            new("i_block[14]", 0x60, 4, Block), new("i_file_acl_lo", 0x68, 4, Block), new("i_size_high", 0x6C, 4, Length),
            new("i_blocks_high", 0x74, 2, Count), new("i_file_acl_high", 0x76, 2, Block), new("i_extra_isize", 0x80, 2, Length),
            new("i_crtime_extra", 0x94, 4, Time),
            // The root of an extent tree lies in i_block.
            new("eh_magic", 0x28, 2, Magic), new("eh_entries", 0x2A, 2, Count), new("eh_max", 0x2C, 2, Count),
            new("eh_depth", 0x2E, 2, Count), new("ee_block", 0x34, 4, FileBlock), new("ee_len", 0x38, 2, Length),
            new("ee_start_hi", 0x3A, 2, Block), new("ee_start_lo", 0x3C, 4, Block), new("ee_block[1]", 0x40, 4, FileBlock),
            new("ee_start_lo[1]", 0x48, 4, Block),
        ],
        [StructureKind.ExtentNode] =
        [
            new("eh_magic", 0x00, 2, Magic), new("eh_entries", 0x02, 2, Count), new("eh_max", 0x04, 2, Count),
            new("eh_depth", 0x06, 2, Count), new("ee_block", 0x0C, 4, FileBlock), new("ee_len or ei_leaf_lo", 0x10, 4, Block),
            new("ee_start_lo", 0x14, 4, Block), new("ee_block[1]", 0x18, 4, FileBlock), new("ei_leaf_lo[1]", 0x1C, 4, Block),
            new("ee_start_lo[1]", 0x20, 4, Block),
        ],
        [StructureKind.IndirectBlock] = [new("first", 0x00, 4, Block), new("second", 0x04, 4, Block), new("third", 0x08, 4, Block)],
        [StructureKind.IndexRoot] =
        [
            new("dot.inode", 0x00, 4, Inode), new("dot.rec_len", 0x04, 2, Length), new("dotdot.inode", 0x0C, 4, Inode),
            new("dotdot.rec_len", 0x10, 2, Length), new("reserved_zero", 0x18, 4, Count), new("hash_version", 0x1C, 1, Count),
            new("info_length", 0x1D, 1, Length), new("indirect_levels", 0x1E, 1, Count), new("limit", 0x20, 2, Count),
            new("count", 0x22, 2, Count), new("block[0]", 0x24, 4, FileBlock), new("hash[1]", 0x28, 4, Hash), new("block[1]", 0x2C, 4, FileBlock),
            new("hash[2]", 0x30, 4, Hash), new("block[2]", 0x34, 4, FileBlock),
        ],
        [StructureKind.IndexNode] =
        [
            new("fake.inode", 0x00, 4, Inode), new("fake.rec_len", 0x04, 2, Length), new("limit", 0x08, 2, Count),
            new("count", 0x0A, 2, Count), new("block[0]", 0x0C, 4, FileBlock), new("hash[1]", 0x10, 4, Hash),
            new("block[1]", 0x14, 4, FileBlock),
        ],
        [StructureKind.AttributeBlock] =
        [
            new("h_magic", 0x00, 4, Magic), new("h_refcount", 0x04, 4, Count), new("h_blocks", 0x08, 4, Count), new("h_hash", 0x0C, 4, Hash),
            new("e_name_len", 0x20, 1, Length), new("e_name_index", 0x21, 1, Count), new("e_value_offs", 0x22, 2, Length),
            new("e_value_inum", 0x24, 4, Inode), new("e_value_size", 0x28, 4, Length), new("e_hash", 0x2C, 4, Hash), new("e_name", 0x30, 1, Text),
        ],
        [StructureKind.AttributesInInode] =
        [
            new("h_magic", 0x00, 4, Magic), new("e_name_len", 0x04, 1, Length), new("e_name_index", 0x05, 1, Count),
            new("e_value_offs", 0x06, 2, Length), new("e_value_inum", 0x08, 4, Inode), new("e_value_size", 0x0C, 4, Length),
            new("e_hash", 0x10, 4, Hash), new("e_name", 0x14, 1, Text),
        ],
        [StructureKind.InlineData] =
        [
            new("inline parent or data", 0x00, 4, Inode), new("inline dirent inode", 0x04, 4, Inode),
            new("inline dirent rec_len", 0x08, 2, Length), new("inline dirent name_len", 0x0A, 1, Length),
        ],
        [StructureKind.OrphanBlock] = [new("orphan[0]", 0x00, 4, Inode), new("orphan[1]", 0x04, 4, Inode)],
        [StructureKind.MultiMountBlock] =
            [new("mmp_magic", 0x00, 4, Magic), new("mmp_seq", 0x04, 4, Count), new("mmp_time", 0x08, 8, Time), new("mmp_check_interval", 0x70, 2, Time)],
        [StructureKind.JournalSuperblock] =
        [
            new("h_magic", 0x00, 4, Magic), new("h_blocktype", 0x04, 4, Count), new("s_blocksize", 0x0C, 4, Length),
            new("s_maxlen", 0x10, 4, Count), new("s_first", 0x14, 4, FileBlock), new("s_sequence", 0x18, 4, Count),
            new("s_start", 0x1C, 4, FileBlock), new("s_feature_compat", 0x24, 4, Flags), new("s_feature_incompat", 0x28, 4, Flags),
            new("s_nr_users", 0x40, 4, Count), new("s_checksum_type", 0x50, 1, Count), new("s_num_fc_blks", 0x54, 4, Count),
        ],
        [StructureKind.JournalDescriptor] =
        [
            new("h_blocktype", 0x04, 4, Count), new("h_sequence", 0x08, 4, Count), new("t_blocknr", 0x0C, 4, Block),
            new("t_flags", 0x10, 4, Flags), new("t_blocknr_high", 0x14, 4, Block), new("t_checksum", 0x18, 4, Hash),
        ],
        [StructureKind.JournalRevoke] =
            [new("h_sequence", 0x08, 4, Count), new("r_count", 0x0C, 4, Length), new("revoked", 0x10, 4, Block), new("revoked high", 0x14, 4, Block)],
        [StructureKind.JournalCommit] =
            [new("h_blocktype", 0x04, 4, Count), new("h_sequence", 0x08, 4, Count), new("h_chksum_type", 0x0C, 1, Count), new("h_commit_sec", 0x30, 8, Time)],
    };
}
