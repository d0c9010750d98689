using Bench.Contenders;

namespace Bench.Suites;

/// <summary>All suites by name.</summary>
internal static class SuiteList
{
    public static IEnumerable<Suite> Chosen(BenchOptions options, Workplace place)
    {
        PassthroughContenders passthrough = new(options);
        Suite[] all =
        [
            new DataSuite(options, place, passthrough),
            new MetadataSuite(options, place, passthrough),
            new TreeSuite(options, place, passthrough),
            new MountSuite(options, place, passthrough),
            new MemorySuite(options, place, passthrough),
            new SystemdSuite(options, place),
            new Ext4Suite(options, place),
            new Ext4MountSuite(options, place),
            new Ext4MillionSuite(options, place),
        ];
        foreach (string name in options.Suites.Where(name => all.All(suite => suite.Name != name)))
        {
            throw new BenchException($"there is no suite '{name}'; there are: {string.Join(", ", all.Select(suite => suite.Name))}");
        }

        return options.Suites.Count == 0 ? all : all.Where(suite => options.Suites.Contains(suite.Name));
    }
}
