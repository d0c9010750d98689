using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>
/// The supplementary groups that came with a creating request (FUSE_CREATE_SUPP_GROUP). Kernels send the parent directory's group,
/// and only if the caller is a member.
/// </summary>
public readonly ref struct SupplementaryGroups
{
    private readonly ReadOnlySpan<byte> _ids;

    internal SupplementaryGroups(ReadOnlySpan<byte> ids) => _ids = ids;

    public int Count => _ids.Length / sizeof(uint);

    public uint this[int index] => MemoryMarshal.Read<uint>(_ids.Slice(index * sizeof(uint), sizeof(uint)));
}
