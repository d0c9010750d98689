using Ext4.Tests;

namespace Ext4.Corpus.Tests;

/// <summary>A seeded series of what fast commits can record. Every step is synced by itself, which is what makes one of them.</summary>
internal sealed class FastCommitWorkload(string root, int seed)
{
    private const int CuttingSteps = 20;
    private const int LaterSteps = 40;
    private const int Kinds = 9;
    private const int CuttingKinds = 2;
    private const int LongestWrite = 40_000;

    private readonly Random _random = new(seed);
    private readonly List<string> _files = [];
    private int _made;

    public void Run()
    {
        // All of this is in its place before the first fast commit.
        for (int i = 0; i < 6; i++) Create();
        Directory.CreateDirectory(Path.Combine(root, "old"));
        Tool.Run("sync", "-f", root);
        // Cutting and punching is now and then more than a fast commit can record; the full commit that is made then takes the place of those before.
        for (int i = 0; i < CuttingSteps; i++) Step(_random.Next(Kinds));
        for (int i = 0; i < LaterSteps; i++) Step(_random.Next(CuttingKinds, Kinds));
    }

    private void Step(int kind)
    {
        switch (kind)
        {
            case 0: Tool.Run("truncate", "-s", $"{_random.Next(LongestWrite)}", Pick()); Sync(Pick()); break;
            case 1: Tool.Run("fallocate", "-p", "-o", $"{4096 * _random.Next(4)}", "-l", "8192", Pick()); Sync(Pick()); break;
            case 2: Create(); break;
            case 3: MakeDirectory(); break;
            case 4: Link(); break;
            case 5: Rename(); break;
            case 6: Remove(); break;
            case 7: LeaveHole(); break;
            default: Write(Pick()); break;
        }
    }

    private void Create()
    {
        string folder = _random.Next(3) == 0 && Directory.Exists(Path.Combine(root, "old")) ? "old" : ".";
        string path = Path.Combine(root, folder, $"file{_made++}");
        Write(path);
        _files.Add(path);
    }

    private void MakeDirectory()
    {
        string path = Path.Combine(root, $"new{_made++}");
        Directory.CreateDirectory(path);
        string file = Path.Combine(path, "inside");
        Write(file);
        _files.Add(file);
    }

    private void Link()
    {
        string from = Pick(), to = Path.Combine(root, "old", $"link{_made++}");
        Tool.Run("ln", from, to);
        _files.Add(to);
        Sync(to);
    }

    private void Rename()
    {
        int index = _random.Next(_files.Count);
        string to = Path.Combine(root, $"moved{_made++}");
        File.Move(_files[index], to);
        _files[index] = to;
        Sync(to);
    }

    private void Remove()
    {
        if (_files.Count < 3) return;
        string gone = Pick();
        File.Delete(gone);
        _files.Remove(gone);
        Write(Pick());
    }

    // Both writes and the hole between them are one record each.
    private void LeaveHole()
    {
        string path = Path.Combine(root, $"hole{_made++}");
        using FileStream file = File.Create(path);
        file.Write(new byte[100]);
        file.Position = LongestWrite + _random.Next(LongestWrite);
        file.Write(new byte[100]);
        file.Flush(flushToDisk: true);
        _files.Add(path);
    }

    private string Pick() => _files[_random.Next(_files.Count)];

    private void Write(string path)
    {
        byte[] bytes = new byte[_random.Next(1, LongestWrite)];
        _random.NextBytes(bytes);
        using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write);
        file.Position = _random.Next(LongestWrite);
        file.Write(bytes);
        file.Flush(flushToDisk: true);
    }

    private static void Sync(string path)
    {
        using FileStream file = File.OpenWrite(path);
        file.Flush(flushToDisk: true);
    }
}
