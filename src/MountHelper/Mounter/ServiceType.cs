using System.Text;
using ServiceHost.MountProtocol;

namespace MountHelper;

/// <summary>
/// The name of a filesystem type, which becomes a socket's file name: so it is one path component of harmless letters and never a
/// path. FuseBlk is the kernel's variant over a block device (mount.fuseblk.TYPE).
/// </summary>
public sealed record ServiceType
{
    private ServiceType(string name, bool fuseBlk)
    {
        Name = name;
        FuseBlk = fuseBlk;
    }

    public string Name { get; }

    public bool FuseBlk { get; }

    /// <summary>What mountinfo will show.</summary>
    public string MountType => FuseBlk ? $"fuseblk.{Name}" : $"fuse.{Name}";

    /// <summary>Accepts "passthrough", "fuse.passthrough" and "fuseblk.passthrough".</summary>
    public static ServiceType Parse(ReadOnlySpan<byte> text)
    {
        bool fuseBlk = text.StartsWith("fuseblk."u8);
        string name = Encoding.Latin1.GetString(fuseBlk ? text[8..] : text.StartsWith("fuse."u8) ? text[5..] : text);
        if (Rule.TypeIsOneComponent.IsBrokenBy(!ProtocolName.IsValid(name)))
        {
            throw OptionError.Because(Rule.TypeIsOneComponent, $"\"{DisplayText.FromBytes(text)}\" is no name of a filesystem type",
                $"a type has 1 to {Limits.NameBytes} letters, digits, '_', '-', '+' or '.', and neither '.' nor '-' in front");
        }

        return new ServiceType(name, fuseBlk);
    }
}
