namespace GrantProbe;

/// <summary>The probe could not even set the scene.</summary>
internal sealed class ProbeException(string message) : Exception(message);
