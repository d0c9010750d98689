using System.Text;
using ServiceHost.MountProtocol;

namespace ServiceHost.Connection;

/// <summary>
/// The caller's command line as the argument memfd has it: type, SOURCE, MOUNTPOINT, and what stood behind -o. It came from whoever
/// could connect, so everything in it is only a name to show, or a word for the option table.
/// </summary>
internal sealed record ServiceArguments
{
    public required string Type { get; init; }

    public required byte[] Source { get; init; }

    public required byte[] Mountpoint { get; init; }

    /// <summary>All -o lists joined by commas.</summary>
    public required string OptionText { get; init; }

    /// <summary>-n: nothing is to be recorded in mtab (v1; our Mounter keeps it to itself).</summary>
    public bool NoMtab { get; init; }

    public bool Verbose { get; init; }

    /// <summary>
    /// libfuse's helper passes its own words on in any order; those of mount(8) that carry no value are the only flags it can send.
    /// </summary>
    public static ServiceArguments Parse(IReadOnlyList<byte[]> arguments)
    {
        List<byte[]> positional = [];
        List<string> options = [];
        bool noMtab = false;
        bool verbose = false;
        for (int i = 1; i < arguments.Count; i++)
        {
            switch (arguments[i])
            {
                case [(byte)'-', (byte)'o']:
                    options.Add(++i < arguments.Count
                        ? Decode(arguments[i])
                        : throw new ServiceException("-o needs a list of options"));
                    break;
                case [(byte)'-', (byte)'o', .. byte[] rest]:
                    options.Add(Decode(rest));
                    break;
                case [(byte)'-', (byte)'n']:
                    noMtab = true;
                    break;
                case [(byte)'-', (byte)'v']:
                    verbose = true;
                    break;
                case [(byte)'-', (byte)'r']:
                    options.Add("ro");
                    break;
                case [(byte)'-', (byte)'w']:
                    options.Add("rw");
                    break;
                case [(byte)'-', _, ..] flag:
                    throw new ServiceException($"unknown argument '{DisplayText.FromBytes(flag)}'");
                default:
                    positional.Add(arguments[i]);
                    break;
            }
        }

        return positional is [byte[] source, byte[] mountpoint]
            ? new ServiceArguments
            {
                Type = Encoding.ASCII.GetString(arguments[0]),
                Source = source,
                Mountpoint = mountpoint,
                OptionText = string.Join(',', options),
                NoMtab = noMtab,
                Verbose = verbose,
            }
            : throw new ServiceException("a mount needs SOURCE and MOUNTPOINT");
    }

    // Names in options are never opened; a word that is no UTF-8 is in no option table and gets refused under its replacement.
    private static string Decode(byte[] bytes) => Encoding.UTF8.GetString(bytes);
}
