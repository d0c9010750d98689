namespace Servers.Ext4;

/// <summary>Why a device cannot be opened: the fault with its numbers, and one line for whoever asked.</summary>
public sealed record MountRefusal(Ext4Error Error, string Message);
