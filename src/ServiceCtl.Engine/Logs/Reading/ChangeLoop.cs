using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Engine.Logs.Reading;

/// <summary>Looks at a file whenever it has changed, and sleeps while nothing is written.</summary>
internal static class ChangeLoop
{
    /// <summary>What comes within this time is looked at together.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(200);

    /// <param name="changes">Wakes it.</param>
    /// <param name="path">The file; it need not be there yet.</param>
    /// <param name="time">Measures the waits.</param>
    /// <param name="lookAsync">Looks at what is new; returns whether something has begun that may be complete in a moment.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ServiceCtlException">The file can't be watched.</exception>
    public static async Task RunAsync(
        FileChanges changes, string path, TimeProvider time, Func<Task<bool>> lookAsync, CancellationToken cancellation)
    {
        while (true)
        {
            var change = changes.NextAsync(path).WaitAsync(cancellation);
            var isPending = await lookAsync();
            while (isPending && !change.IsCompleted)
            {
                await Task.WhenAny(change, Task.Delay(Gathering + Gathering, time, cancellation));
                cancellation.ThrowIfCancellationRequested();
                isPending = await lookAsync();
            }

            await change;
            await Task.Delay(Gathering, time, cancellation);
        }
    }
}
