namespace Bench.Workloads;

/// <summary>A tree of small C files and an archive of it, the same every time.</summary>
internal sealed class SourceTree(string folder, int directories)
{
    /// <summary>The directory with a program to compile.</summary>
    public const string Unit = "unit";

    private const int FilesPerDirectory = 20;
    private const int Sources = 8;

    public string Archive => folder + ".tar";

    public void Make()
    {
        for (int directory = 0; directory < directories; directory++)
        {
            string path = Path.Combine(folder, $"module{directory % 10}", $"part{directory}");
            Directory.CreateDirectory(path);
            for (int file = 0; file < FilesPerDirectory; file++)
            {
                File.WriteAllText(Path.Combine(path, $"file{file}.c"), $"int f{directory}_{file}(void) {{ return {file}; }}\n" + new string('/', 2000) + "\n");
            }
        }

        MakeUnit(Directory.CreateDirectory(Path.Combine(folder, Unit)).FullName);
        Shell.Run("tar", "-c", "-f", Archive, "-C", folder, ".");
    }

    public void Delete()
    {
        Directory.Delete(folder, recursive: true);
        File.Delete(Archive);
    }

    private static void MakeUnit(string path)
    {
        File.WriteAllText(Path.Combine(path, "unit.h"), string.Concat(Enumerable.Range(0, Sources).Select(i => $"int part{i}(int);\n")));
        for (int i = 0; i < Sources; i++)
        {
            File.WriteAllText(Path.Combine(path, $"part{i}.c"), $"#include <stdio.h>\n#include \"unit.h\"\nint part{i}(int n) {{ return n * {i}; }}\n");
        }

        string calls = string.Concat(Enumerable.Range(0, Sources).Select(i => $" + part{i}(0)"));
        File.WriteAllText(Path.Combine(path, "main.c"), $"#include \"unit.h\"\nint main(void) {{ return 0{calls}; }}\n");
    }
}
