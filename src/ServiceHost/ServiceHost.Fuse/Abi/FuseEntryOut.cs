using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_entry_out. A name that was resolved or made. Every one that is sent with a node id counts one lookup.</summary>
[StructLayout(LayoutKind.Sequential, Size = 128)]
public struct FuseEntryOut
{
    public NodeId NodeId;
    public ulong Generation;
    public ulong EntryValid;
    public ulong AttrValid;
    public uint EntryValidNsec;
    public uint AttrValidNsec;
    public FuseAttr Attr;
}
