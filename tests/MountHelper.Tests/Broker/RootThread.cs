using System.Collections.Concurrent;

namespace MountHelper.Tests;

/// <summary>
/// A thread that keeps root's ids and the tests' own mount namespace, for actions of root in the middle of a user's: whatever a user's thread
/// starts, threads of the pool and processes, would be the user's.
/// </summary>
internal sealed class RootThread : IDisposable
{
    private readonly BlockingCollection<Action> _actions = [];
    private readonly Thread _thread;

    public RootThread()
    {
        _thread = new Thread(() =>
        {
            foreach (Action action in _actions.GetConsumingEnumerable())
            {
                action();
            }
        });
        _thread.IsBackground = true;
        _thread.Start();
    }

    public void Run(Action action)
    {
        using ManualResetEventSlim done = new();
        Exception? error = null;
        _actions.Add(() =>
        {
            try
            {
                action();
            }
            catch (Exception caught)
            {
                error = caught;
            }

            done.Set();
        });
        done.Wait();
        if (error is not null)
        {
            throw new InvalidOperationException($"root's part failed: {error.Message}", error);
        }
    }

    public void Dispose()
    {
        if (!_thread.IsAlive)
        {
            return;
        }

        _actions.CompleteAdding();
        _thread.Join();
        _actions.Dispose();
    }
}
