using ServiceHost.Fuse;

namespace Servers.Passthrough;

/// <summary>A way to make the kernel forget inodes that nobody uses. The FORGETs come later, as ordinary requests.</summary>
internal interface IColdInodeDropper
{
    /// <param name="nodes">Candidates; the kernel leaves those alone that it needs.</param>
    /// <param name="isLastResort">Somebody waits for room, so side effects count less.</param>
    void Drop(ReadOnlySpan<NodeId> nodes, bool isLastResort);
}
