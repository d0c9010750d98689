using System.Globalization;

namespace Passthrough.Tests;

/// <summary>Trees with far more files than descriptors.</summary>
[Trait("Needs", "root")]
public class WalkTests
{
    private const int Directories = 50;
    private const int FilesPerDirectory = 200;

    [Theory]
    [InlineData("cache=auto")]
    [InlineData("cache=always,entry_timeout=1000,attr_timeout=1000")]
    [InlineData("workers=1")]
    public void A_walk_and_an_archive_equal_the_source_with_few_descriptors(string options)
    {
        using PassthroughMount mount = new(options, descriptors: 640);
        MakeTree(mount.Source);
        Assert.Equal(Shell.Bash($"cd {mount.Source}; find . | sort"), Shell.Bash($"cd {mount.Path}; find . | sort"));
        const string list = "find . -printf '%P %i %m %s %n %T@\\n' | sort | md5sum";
        Assert.Equal(Shell.Bash($"cd {mount.Source}; {list}"), Shell.Bash($"cd {mount.Path}; {list}"));
        const string archive = "tar --sort=name -cf - . | md5sum";
        Assert.Equal(Shell.Bash($"cd {mount.Source}; {archive}"), Shell.Bash($"cd {mount.Path}; {archive}"));
        Assert.DoesNotContain("ENFILE", mount.Log, StringComparison.Ordinal);
        string descriptors = Shell.Bash($"ls /proc/{mount.ServerId}/fd | wc -l");
        Assert.InRange(int.Parse(descriptors, CultureInfo.InvariantCulture), 1, 640);
    }

    private static void MakeTree(string root)
    {
        for (int d = 0; d < Directories; d++)
        {
            string directory = Directory.CreateDirectory(Path.Combine(root, $"d{d}")).FullName;
            for (int f = 0; f < FilesPerDirectory; f++)
            {
                File.WriteAllText(Path.Combine(directory, $"f{f}"), $"{d}/{f}");
            }
        }
    }
}
