namespace ServiceHost.Linux;

/// <summary>
/// struct ucred. From SCM_CREDENTIALS it is the process that sent a packet; from SO_PEERCRED it is whoever connected, or,
/// seen from the connecting side, whoever called listen(2): under socket activation that is the service manager.
/// </summary>
public readonly record struct PeerCredentials(int ProcessId, uint UserId, uint GroupId);
