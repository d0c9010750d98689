namespace ServiceHost.Fuse;

/// <summary>The debug trace.</summary>
public sealed class FuseTrace(Action<string> sink)
{
    internal void Line(string text) => sink(text);
}
