namespace ServiceHost.Linux;

/// <summary>How a child ended: with an exit code, or by a signal.</summary>
public readonly record struct ExitStatus(bool Exited, int Value)
{
    public override string ToString() => Exited ? $"exit code {Value}" : $"signal {Value}";
}
