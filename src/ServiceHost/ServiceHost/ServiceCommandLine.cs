using ServiceHost.MountProtocol;
using ServiceHost.Options;

namespace ServiceHost;

/// <summary>What a person can type: help, version, developer mode. A service manager passes nothing but --require.</summary>
internal sealed record ServiceCommandLine
{
    public required ServiceCommand Command { get; init; }

    public string Source { get; init; } = string.Empty;

    public string Mountpoint { get; init; } = string.Empty;

    public string OptionText { get; init; } = string.Empty;

    /// <summary>The containment without which nothing is served. Whoever starts the service with less has to say so.</summary>
    public ContainmentLevel Required { get; init; } = ContainmentLevel.Full;

    public static ServiceCommandLine Parse(IReadOnlyList<string> args)
    {
        if (args.Count == 0)
        {
            return new ServiceCommandLine { Command = ServiceCommand.Serve };
        }

        if (args.Any(static arg => arg is "-h" or "--help"))
        {
            return new ServiceCommandLine { Command = ServiceCommand.Help };
        }

        if (args.Any(static arg => arg is "-V" or "--version"))
        {
            return new ServiceCommandLine { Command = ServiceCommand.Version };
        }

        return ParseWords(args);
    }

    private static ServiceCommandLine ParseWords(IReadOnlyList<string> args)
    {
        ContainmentLevel? required = null;
        List<string> positional = [];
        List<string> options = [];
        bool foreground = false;
        for (int i = 0; i < args.Count; i++)
        {
            switch (args[i])
            {
                case "--foreground":
                    foreground = true;
                    break;
                case ['-', '-', 'r', 'e', 'q', 'u', 'i', 'r', 'e', '=', .. string level]:
                    required = ParseLevel(level);
                    break;
                case "-o":
                    options.Add(++i < args.Count ? args[i] : throw new ServiceException("-o needs a list of options"));
                    break;
                case ['-', _, ..]:
                    throw new ServiceException($"unknown argument '{args[i]}' (--help shows the known ones)");
                default:
                    positional.Add(args[i]);
                    break;
            }
        }

        string optionText = string.Join(',', options);
        if (OptionList.Split(optionText).Contains("help"))
        {
            return new ServiceCommandLine { Command = ServiceCommand.OptionHelp };
        }

        if (!foreground && required is { } demanded && positional.Count == 0 && options.Count == 0)
        {
            return new ServiceCommandLine { Command = ServiceCommand.Serve, Required = demanded };
        }

        if (foreground && required is not null)
        {
            throw new ServiceException("--foreground has no containment, so nothing can be required of it");
        }

        if (!foreground)
        {
            throw new ServiceException("nothing to do: a service is started by its socket, --foreground SOURCE MOUNTPOINT mounts by hand");
        }

        return positional is [string source, string mountpoint]
            ? new ServiceCommandLine
            {
                Command = ServiceCommand.Foreground,
                Source = source,
                Mountpoint = mountpoint,
                OptionText = optionText,
            }
            : throw new ServiceException("--foreground needs SOURCE and MOUNTPOINT");
    }

    private static ContainmentLevel ParseLevel(string level) => level switch
    {
        "full" => ContainmentLevel.Full,
        "plain" => ContainmentLevel.Plain,
        _ => throw new ServiceException($"--require={level}: the levels are 'full' (in its unit) and 'plain' (anywhere else)"),
    };
}
