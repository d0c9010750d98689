namespace ServiceHost.Fuse;

/// <summary>RENAME_*: flags of renameat2(2).</summary>
[Flags]
public enum RenameFlags : uint
{
    NoReplace = 1 << 0,
    Exchange = 1 << 1,
    Whiteout = 1 << 2,
}
