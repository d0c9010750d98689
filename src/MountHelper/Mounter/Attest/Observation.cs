using ServiceHost.MountProtocol;

namespace MountHelper.Attest;

/// <summary>One property of one process, as it looks from outside. The names are those of the server's own attestation.</summary>
internal sealed record Observation(string Property, ContainmentLevel Level, bool Holds, string Found);
