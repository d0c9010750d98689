using ServiceHost.Linux;

namespace GrantProbe;

/// <summary>Lines on standard output by write(2): System.Console starts a thread, and a process with a third thread cannot fork.</summary>
internal static class Output
{
    internal static void Line(string line) => StandardError.WriteLine(new Fd(1), line);
}
