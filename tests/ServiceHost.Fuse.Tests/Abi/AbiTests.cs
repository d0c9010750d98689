using System.Diagnostics;

namespace ServiceHost.Fuse.Tests.Abi;

/// <summary>
/// Every wire structure of the library against the kernel's own header, by a C program that the machine's compiler builds now; and against a
/// table for what that header is too old to have.
/// </summary>
public sealed class AbiTests(ITestOutputHelper output)
{
    private static readonly AbiTable s_golden = AbiTable.Parse(File.ReadLines(AbiFile("fuse-7.45.txt")));

    [Fact]
    public void Every_structure_is_laid_out_as_in_the_kernels_header()
    {
        AbiTable header = AskTheCompiler();
        int fromHeader = 0;
        int fields = 0;
        foreach (AbiTable.AbiStruct golden in s_golden.Structs)
        {
            Type type = TypeOf(golden.Name);
            (string Name, int Offset)[] actual = [.. WireLayout.FieldsOf(type)];
            AssertSame(golden, WireLayout.SizeOf(type), actual);
            if (header[golden.Name] is { } real)
            {
                AssertCovers(real, WireLayout.SizeOf(type), actual);
                fromHeader++;
                fields += real.Fields.Count;
            }
        }

        output.WriteLine(
            $"{fromHeader} structures with {fields} members compared with <linux/fuse.h> {header.Version}, " +
            $"all {s_golden.Structs.Count} with the table of 7.45.");
        Assert.InRange(fromHeader, 50, s_golden.Structs.Count);
    }

    [Fact]
    public void The_table_agrees_with_the_header_where_both_know()
    {
        foreach (AbiTable.AbiStruct real in AskTheCompiler().Structs)
        {
            AbiTable.AbiStruct golden = s_golden[real.Name] ?? throw new InvalidOperationException($"{real.Name} is not in the table");
            Assert.Equal((real.Name, real.Size), (golden.Name, golden.Size));
            Assert.All(real.Fields, field => Assert.Contains(field, golden.Fields));
        }
    }

    [Fact]
    public void Every_wire_structure_of_the_library_is_in_the_table()
    {
        IEnumerable<Type> wire = typeof(FuseFileSystem).Assembly.GetTypes().Where(
            type => type.IsValueType && !type.IsEnum && type.StructLayoutAttribute is { Size: > 1 } &&
                (type.Name.StartsWith("Fuse", StringComparison.Ordinal) || type.Name.StartsWith("Cuse", StringComparison.Ordinal)));
        string[] known = [.. s_golden.Structs.Select(golden => TypeOf(golden.Name).Name).Order()];
        Assert.Equal(known, wire.Select(type => type.Name).Order());
        output.WriteLine($"{known.Length} wire structures.");
    }

    private static void AssertSame(AbiTable.AbiStruct expected, int size, (string Name, int Offset)[] fields)
    {
        Assert.Equal((expected.Name, expected.Size), (expected.Name, size));
        Assert.Equal(
            expected.Fields.Select(field => (expected.Name, Plain(field.Name), field.Offset)),
            fields.Select(field => (expected.Name, Plain(field.Name), field.Offset)));
    }

    private static void AssertCovers(AbiTable.AbiStruct real, int size, (string Name, int Offset)[] fields)
    {
        Assert.Equal((real.Name, real.Size), (real.Name, size));
        foreach ((string name, int offset) in real.Fields)
        {
            Assert.Contains((Plain(name), offset), fields.Select(field => (Plain(field.Name), field.Offset)));
        }
    }

    private static Type TypeOf(string cName) =>
        typeof(FuseFileSystem).Assembly.GetTypes().Single(type => type.Namespace == "ServiceHost.Fuse" && Plain(type.Name) == Plain(cName));

    private static string Plain(string name) => name.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();

    private static string AbiFile(string name) => Path.Combine(TestFiles.Repository, "tests", "Abi", name);

    private static AbiTable AskTheCompiler()
    {
        string folder = Directory.CreateTempSubdirectory("fuse-abi-").FullName;
        try
        {
            string program = Path.Combine(folder, "fuse-abi");
            Run("cc", "-o", program, AbiFile("fuse-abi.c"));
            return AbiTable.Parse(Run(program).Split('\n'));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} failed; a C compiler and the kernel's headers are needed");
        return text;
    }
}
