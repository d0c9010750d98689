namespace MountHelper.Grants;

/// <summary>One line of a uid_map and gid_map: ids from <see cref="Inside"/> on are, outside, those from <see cref="Host"/> on.</summary>
public readonly record struct IdExtent(uint Inside, uint Host, uint Count);
