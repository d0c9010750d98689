namespace Ext4.Corpus.Tests;

/// <summary>Temporary directories in memory where there is a place for that: the tools of e2fsprogs wait for the disk after every step.</summary>
internal static class MemoryDirectory
{
    private const string SharedMemory = "/dev/shm";

    public static string Create(string prefix)
    {
        string parent = Directory.Exists(SharedMemory) ? SharedMemory : Path.GetTempPath();
        return Directory.CreateDirectory(Path.Combine(parent, prefix + Path.GetRandomFileName())).FullName;
    }
}
