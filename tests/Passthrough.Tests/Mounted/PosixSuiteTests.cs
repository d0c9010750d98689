using PosixSuite;

namespace Passthrough.Tests;

/// <summary>The oracle: a case that fails natively says nothing about a mount.</summary>
public class PosixSuiteNativeTests
{
    public static TheoryData<string> Cases => [.. PosixCase.All.Select(static posixCase => posixCase.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Holds_natively(string name)
    {
        using TempTree tree = new();
        PosixCase.Find(name).Run(tree.Path);
        string memory = Directory.CreateDirectory($"/dev/shm/fuservice-pass-{Guid.NewGuid():N}").FullName;
        try
        {
            PosixCase.Find(name).Run(memory);
        }
        finally
        {
            Directory.Delete(memory, recursive: true);
        }
    }
}
