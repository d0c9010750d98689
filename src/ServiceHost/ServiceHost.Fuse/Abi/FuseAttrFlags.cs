namespace ServiceHost.Fuse;

/// <summary>FUSE_ATTR_*: flags of attributes; both mean something only on virtiofs.</summary>
[Flags]
public enum FuseAttrFlags : uint
{
    Submount = 1 << 0,
    Dax = 1 << 1,
}
