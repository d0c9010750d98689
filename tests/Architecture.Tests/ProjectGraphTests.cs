using System.Xml.Linq;

namespace Architecture.Tests;

/// <summary>
/// Privilege is a boundary in the project graph: the programs that run as root cannot even reference the FUSE engine, and exactly
/// one project may contain unsafe code.
/// </summary>
public sealed class ProjectGraphTests
{
    private const string UnsafeProject = "ServiceHost.Linux";

    // Every product project with all it may reference. A new project has to be added here, with its place in the graph.
    private static readonly Dictionary<string, string[]> s_allowed = new()
    {
        ["ServiceHost.Linux"] = [],
        ["ServiceHost.MountProtocol"] = ["ServiceHost.Linux"],
        ["ServiceHost.Fuse"] = ["ServiceHost.Linux"],
        ["ServiceHost"] = ["ServiceHost.Linux", "ServiceHost.Fuse", "ServiceHost.MountProtocol"],
        ["Mounter"] = ["ServiceHost.Linux", "ServiceHost.MountProtocol"],
        ["fuservicemount"] = ["Mounter", "ServiceHost.Linux", "ServiceHost.MountProtocol"],
        ["Ext4.Server"] = ["Ext4", "ServiceHost", "ServiceHost.Linux", "ServiceHost.Fuse", "ServiceHost.MountProtocol"],
        ["fuservicemountd"] = ["Mounter", "ServiceHost.Linux", "ServiceHost.MountProtocol"],
        ["Keeper"] = ["ServiceHost.Linux", "ServiceHost.MountProtocol"],
        ["Passthrough"] = ["ServiceHost", "ServiceHost.Linux", "ServiceHost.Fuse", "ServiceHost.MountProtocol"],
        ["Ext4"] = [],
    };

    private static readonly string[] s_privileged = ["Mounter", "fuservicemount", "fuservicemountd", "Keeper"];

    [Fact]
    public void Every_project_references_only_what_its_place_in_the_graph_allows()
    {
        foreach (string project in Repository.ProductProjects())
        {
            string name = Path.GetFileNameWithoutExtension(project);
            Assert.True(s_allowed.TryGetValue(name, out string[]? allowed), $"{name} has no place in the project graph.");
            foreach (string reference in References(project, "ProjectReference"))
            {
                string target = Path.GetFileNameWithoutExtension(reference.Replace('\\', '/'));
                Assert.True(allowed.Contains(target), $"{name} must not reference {target}.");
            }
        }
    }

    [Fact]
    public void The_graph_names_no_project_that_is_gone()
    {
        string[] present = [.. Repository.ProductProjects().Select(p => Path.GetFileNameWithoutExtension(p)!)];
        Assert.Empty(s_allowed.Keys.Except(present));
    }

    [Fact]
    public void Privileged_programs_have_no_package()
    {
        foreach (string project in Repository.ProductProjects())
        {
            string name = Path.GetFileNameWithoutExtension(project);
            if (s_privileged.Contains(name) || name is "ServiceHost.Linux" or "ServiceHost.MountProtocol")
            {
                Assert.Empty(References(project, "PackageReference"));
            }
        }
    }

    [Fact]
    public void Only_one_project_may_be_unsafe()
    {
        string[] projects = [.. Repository.ProductProjects()
            .Where(p => File.ReadAllText(p).Contains("AllowUnsafeBlocks", StringComparison.Ordinal))
            .Select(p => Path.GetFileNameWithoutExtension(p)!)];
        Assert.Equal([UnsafeProject], projects);
    }

    [Theory]
    [InlineData("DllImport")]
    [InlineData("LibraryImport")]
    // Everything in Unsafe but SizeOf, which reads no memory.
    [InlineData("Unsafe.A")]
    [InlineData("Unsafe.B")]
    [InlineData("Unsafe.C")]
    [InlineData("Unsafe.I")]
    [InlineData("Unsafe.N")]
    [InlineData("Unsafe.R")]
    [InlineData("Unsafe.Sk")]
    [InlineData("Unsafe.Su")]
    [InlineData("Unsafe.U")]
    [InlineData("Unsafe.W")]
    [InlineData("MemoryMarshal.GetReference")]
    [InlineData("MemoryMarshal.CreateSpan")]
    [InlineData("DangerousGetHandle")]
    [InlineData("#pragma warning disable RS0030")]
    public void Back_doors_to_unsafe_code_stand_only_in_the_unsafe_project(string token)
    {
        string[] offenders = [.. Repository.ProductSources()
            .Where(file => !Repository.Relative(file).Contains($"/{UnsafeProject}/", StringComparison.Ordinal))
            .Where(file => File.ReadAllText(file).Contains(token, StringComparison.Ordinal))
            .Select(Repository.Relative)];
        Assert.Empty(offenders);
    }

    private static IEnumerable<string> References(string project, string element) =>
        XDocument.Load(project).Descendants(element).Select(e => (string?)e.Attribute("Include") ?? "");
}
