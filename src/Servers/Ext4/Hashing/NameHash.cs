namespace Servers.Ext4;

/// <summary>The hash of a name: <paramref name="Major"/> orders an indexed directory, <paramref name="Minor"/> separates collisions.</summary>
internal readonly record struct NameHash(uint Major, uint Minor);
