using System.Text.RegularExpressions;

namespace Bench.Contenders;

/// <summary>
/// The contenders that serve a directory, with the same caching on all sides: names, attributes and directories for a day, data kept
/// from one open to the next, writes collected by the kernel where they go through the server.
/// </summary>
internal sealed class PassthroughContenders
{
    public const string Native = "native";
    public const string Dev = "ours dev";
    public const string DevPassthrough = "ours dev+pt";
    public const string Uring = "ours uring";
    public const string Hp = "hp";
    public const string HpPassthrough = "hp+pt";
    public const string HpUring = "hp uring";
    public const string Ll = "ll";
    public const string LlUring = "ll uring";

    private const string Caching = "cache=always,entry_timeout=86400,attr_timeout=86400";

    private readonly List<Contender> _all = [new NativeDirectory()];

    public PassthroughContenders(BenchOptions options)
    {
        AddOwn(options);
        AddPeers(options);
    }

    /// <summary>What the installed server does not know, and peers that were not given.</summary>
    public List<string> LeftOut { get; } = [];

    /// <summary>Those of <paramref name="names"/> that there are, in that order.</summary>
    public IReadOnlyList<Contender> Pick(params string[] names) =>
        [.. names.Select(name => _all.Find(contender => contender.Name == name)).OfType<Contender>()];

    private void AddOwn(BenchOptions options)
    {
        string help = Shell.Run(Path.Combine(options.Bin, "fuservice-passthrough"), "-o", "help");
        bool hasPassthrough = OptionLine("passthrough").IsMatch(help);
        bool hasTransport = OptionLine("transport").IsMatch(help);
        string served = Caching + ",writeback" + (hasPassthrough ? ",passthrough=never" : "");
        _all.Add(new OwnPassthrough(Dev, served + (hasTransport ? ",transport=dev" : "")));
        if (hasPassthrough)
        {
            _all.Add(new OwnPassthrough(DevPassthrough, Caching + ",passthrough=auto" + (hasTransport ? ",transport=dev" : "")));
        }
        else
        {
            LeftOut.Add($"{DevPassthrough}: this fuservice-passthrough has no option passthrough=");
        }

        if (hasTransport && UringParameter.IsOn)
        {
            _all.Add(new OwnPassthrough(Uring, served + ",transport=uring"));
        }
        else
        {
            LeftOut.Add($"{Uring}: {(hasTransport ? UringParameter.WhyNot : "this fuservice-passthrough has no option transport=")}");
        }
    }

    private void AddPeers(BenchOptions options)
    {
        if (options.PassthroughHp is { } hp)
        {
            _all.Add(new PassthroughHp(hp, Hp, "--nopassthrough"));
            _all.Add(new PassthroughHp(hp, HpPassthrough));
            if (UringParameter.IsOn)
            {
                _all.Add(new PassthroughHp(hp, HpUring, "--nopassthrough", "-o", "io_uring"));
            }
        }
        else
        {
            LeftOut.Add($"{Hp}, {HpPassthrough}, {HpUring}: PASSTHROUGH_HP is not set");
        }

        if (options.PassthroughLl is { } ll)
        {
            const string served = "cache=always,timeout=86400,writeback,default_permissions";
            _all.Add(new PassthroughLl(ll, Ll, served));
            if (UringParameter.IsOn)
            {
                _all.Add(new PassthroughLl(ll, LlUring, served + ",io_uring"));
            }
        }
        else
        {
            LeftOut.Add($"{Ll}, {LlUring}: PASSTHROUGH_LL is not set");
        }
    }

    private static Regex OptionLine(string option) => new($"^\\s+{option}=", RegexOptions.Multiline);
}
