namespace ServiceHost.Fuse;

/// <summary>Flags of NOTIFY_INVAL_ENTRY.</summary>
[Flags]
public enum FuseInvalEntryFlags : uint
{
    ExpireOnly = 1 << 0,
}
