namespace ServiceHost;

/// <summary>How the process came to be, which decides what rights it has.</summary>
public enum ServiceMode
{
    /// <summary>Through our Mounter: stage 2, in the user namespace of the grant if there is one.</summary>
    Contained,

    /// <summary>Through libfuse's helper: no namespace, an ordinary unprivileged uid.</summary>
    V1,

    /// <summary>--foreground: mounts for itself, with the rights of whoever started it. For suites and debugging.</summary>
    Developer,
}
