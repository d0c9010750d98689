namespace MountHelper.Grants;

/// <summary>The host ids that mounts are given: a gap in systemd's table of uid ranges.</summary>
public static class IdPool
{
    public const uint First = 0x70000000;
    public const uint Last = 0x7FFDFFFF;

    public static uint Count => Last - First + 1;

    public static bool Contains(uint id) => id is >= First and <= Last;
}
