using System.Runtime.ExceptionServices;

namespace Passthrough.Tests;

/// <summary>
/// Workers change what a thread of the pool must keep: current directory, umask, groups. Tests that play one run on a thread that ends with them.
/// </summary>
internal static class DedicatedThread
{
    public static void Run(Action body)
    {
        ExceptionDispatchInfo? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                body();
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
    }
}
