using System.Globalization;
using ServiceHost.Linux;

namespace Ext4.Corpus.Tests;

/// <summary>
/// Random but repeatable changes to a mounted filesystem: files that grow, shrink, get holes, names and attributes, and go again. What it
/// cannot do on a filesystem (no room, no such feature) it leaves out.
/// </summary>
internal sealed class Workload(string root, int seed)
{
    private const int Steps = 250;
    private const int LargestFile = 200_000;

    private readonly Random _random = new(seed);
    private readonly List<string> _files = [];
    private readonly List<string> _directories = [root];
    private int _next;

    public void Run()
    {
        for (int i = 0; i < Steps; i++)
        {
            try
            {
                Step();
            }
            catch (IOException)
            {
                // Full, or too many links: the next step finds another way.
            }
        }
    }

    private void Step()
    {
        switch (_random.Next(12))
        {
            case 0:
                _directories.Add(Directory.CreateDirectory(NewName()).FullName);
                break;
            case 1 when _files.Count > 0:
                string gone = Pick(_files);
                File.Delete(gone);
                _files.Remove(gone);
                break;
            case 2 when _files.Count > 0:
                string moved = NewName();
                string from = Pick(_files);
                File.Move(from, moved);
                _files[_files.IndexOf(from)] = moved;
                break;
            case 3:
                File.CreateSymbolicLink(NewName(), new string('t', _random.Next(1, 120)));
                break;
            case 4 when _files.Count > 0:
                Tool.RunAny("ln", Pick(_files), NewName());
                break;
            case 5 when _files.Count > 0:
                SetAttribute(Pick(_files));
                break;
            case 6:
                for (int i = 0; i < 40; i++) Touch();
                break;
            case 7 when _files.Count > 0:
                Tool.RunAny("chmod", Convert.ToString(_random.Next(0x200), 8), Pick(_files));
                break;
            case 8:
                Tool.RunAny("mknod", NewName(), _random.Next(2) == 0 ? "c" : "b", _random.Next(4000).ToString(CultureInfo.InvariantCulture), "77");
                break;
            default:
                Write();
                break;
        }
    }

    private void Touch()
    {
        string name = NewName();
        File.WriteAllBytes(name, []);
        _files.Add(name);
    }

    private void Write()
    {
        string name = _files.Count > 0 && _random.Next(2) == 0 ? Pick(_files) : NewName();
        using (FileStream file = File.OpenWrite(name))
        {
            for (int part = _random.Next(1, 6); part > 0; part--)
            {
                byte[] data = new byte[_random.Next(1, 20_000)];
                _random.NextBytes(data);
                file.Position = _random.Next(LargestFile);
                file.Write(data);
            }

            if (_random.Next(4) == 0) file.SetLength(_random.Next(LargestFile));
            if (_random.Next(3) == 0)
            {
                using OwnedFd fd = Open(name);
                Libc.Fallocate(fd, FallocateMode.KeepSize, _random.Next(LargestFile), _random.Next(1, 50_000));
            }
        }

        File.SetLastWriteTimeUtc(name, DateTime.UnixEpoch.AddSeconds(_random.NextInt64(-2_000_000_000, 10_000_000_000)));
        if (!_files.Contains(name)) _files.Add(name);
    }

    private static OwnedFd Open(string path)
    {
        Errno errno = Libc.Openat(Fd.Cwd, CString.FromTerminated(CString.Allocate(path)), OpenFlags.ReadWrite, 0, out OwnedFd fd);
        return errno.IsOk ? fd : throw new IOException(errno.ToString());
    }

    private void SetAttribute(string file)
    {
        byte[] value = new byte[_random.Next(0, 3) == 0 ? _random.Next(1, 3000) : _random.Next(1, 60)];
        _random.NextBytes(value);
        byte[] name = CString.Allocate($"user.attribute-{_random.Next(6)}");
        Libc.Setxattr(CString.FromTerminated(CString.Allocate(file)), CString.FromTerminated(name), value, 0);
    }

    private string NewName()
    {
        string directory = Pick(_directories);
        string tail = new('n', _random.Next(0, 60));
        return Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"{_next++:x4}{(_random.Next(3) == 0 ? "-ä€" : "")}{tail}"));
    }

    private T Pick<T>(List<T> list) => list[_random.Next(list.Count)];
}
