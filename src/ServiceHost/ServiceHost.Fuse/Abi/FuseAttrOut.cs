using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_attr_out. Reply to GETATTR and SETATTR: attributes and how long they may be cached.</summary>
[StructLayout(LayoutKind.Sequential, Size = 104)]
public struct FuseAttrOut
{
    public ulong AttrValid;
    public uint AttrValidNsec;
    public uint Dummy;
    public FuseAttr Attr;
}
