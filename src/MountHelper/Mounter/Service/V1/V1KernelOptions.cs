using System.Globalization;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper;

/// <summary>
/// What a v1 server may tell the kernel through OPTS: how it wants to be read, and that the kernel should check permissions. Who may
/// look, which descriptor and whose mount it is are the Mounter's.
/// </summary>
internal sealed record V1KernelOptions(bool DefaultPermissions, uint MaxRead, uint BlockSize)
{
    public static V1KernelOptions None { get; } = new(false, 0, 0);

    public static V1KernelOptions? Parse(byte[] list, bool mayAllowOther, out Denial? denial)
    {
        V1KernelOptions options = None;
        foreach (OptionWord word in OptionReader.ReadServers(list))
        {
            V1KernelOptions? next = options.With(word);
            bool forbidden = next is null || (word.Name == "allow_other" && !mayAllowOther);
            if (Rule.V1OptionsOnlyDescribe.IsBrokenBy(forbidden))
            {
                denial = new Denial(word.Name == "allow_other" ? Errno.EPERM : Errno.EINVAL,
                    $"the server wanted the kernel's mount option \"{word.Display}\"")
                {
                    Rule = Rule.V1OptionsOnlyDescribe,
                };
                return null;
            }

            options = next ?? options;
        }

        denial = null;
        return options;
    }

    private V1KernelOptions? With(OptionWord word) => word.Name switch
    {
        "allow_other" when !word.HasValue => this,
        "default_permissions" when !word.HasValue => this with { DefaultPermissions = true },
        "max_read" when TryNumber(word, out uint size) => this with { MaxRead = size },
        "blksize" when TryNumber(word, out uint size) => this with { BlockSize = size },
        _ => null,
    };

    private static bool TryNumber(OptionWord word, out uint number) =>
        uint.TryParse(word.Value, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
