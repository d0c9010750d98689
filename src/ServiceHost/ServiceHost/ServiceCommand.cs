namespace ServiceHost;

internal enum ServiceCommand
{
    /// <summary>Started by a socket, or stage 2.</summary>
    Serve,
    Help,
    OptionHelp,
    Version,

    /// <summary>Developer mode.</summary>
    Foreground,
}
