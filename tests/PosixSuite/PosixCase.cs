namespace PosixSuite;

/// <summary>One thing that every filesystem must do, tried in an empty directory of its own. A breach throws <see cref="PosixException"/>.</summary>
public sealed record PosixCase(string Name, Action<PosixDirectory> Body)
{
    /// <summary>Every case there is, in a fixed order.</summary>
    public static IReadOnlyList<PosixCase> All { get; } =
        [.. NameCases.All, .. FileCases.All, .. LinkCases.All, .. RenameCases.All, .. DirectoryCases.All, .. AttributeCases.All, .. DataCases.All];

    public static PosixCase Find(string name) => All.Single(posixCase => posixCase.Name == name);

    /// <summary>Runs the case below <paramref name="parent"/>, on a thread of its own (its umask is its own), and cleans up.</summary>
    public void Run(string parent)
    {
        Exception? failure = null;
        Thread thread = new(() => failure = Attempt(parent));
        thread.Start();
        thread.Join();
        if (failure is not null)
        {
            throw new PosixException($"{Name} in {parent}: {failure.Message}", failure);
        }
    }

    private Exception? Attempt(string parent)
    {
        try
        {
            using PosixDirectory directory = new(Path.Combine(parent, Name.Replace(' ', '-') + "-" + Guid.NewGuid().ToString("N")[..8]));
            Body(directory);
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }
}
