using System.Globalization;

namespace ServiceHost.Fuse.Tests.Abi;

/// <summary>Sizes and offsets by C name, as tests/Abi/fuse-abi.c prints them and tests/Abi/fuse-7.45.txt keeps them.</summary>
internal sealed class AbiTable
{
    private readonly Dictionary<string, AbiStruct> _structs = [];

    public string Version { get; private set; } = string.Empty;

    public IReadOnlyCollection<AbiStruct> Structs => _structs.Values;

    public AbiStruct? this[string name] => _structs.GetValueOrDefault(name);

    public static AbiTable Parse(IEnumerable<string> lines)
    {
        AbiTable table = new();
        AbiStruct? current = null;
        foreach (string line in lines.Where(line => line.Length != 0 && line[0] != '#'))
        {
            string[] words = line.Trim().Split(' ');
            if (words[0] == "version")
            {
                table.Version = words[1];
            }
            else if (line[0] == ' ')
            {
                current!.Fields.Add((words[0], Number(words[1])));
            }
            else
            {
                current = new AbiStruct(words[0], Number(words[1]));
                table._structs.Add(current.Name, current);
            }
        }

        return table;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    internal sealed record AbiStruct(string Name, int Size)
    {
        public List<(string Name, int Offset)> Fields { get; } = [];
    }
}
