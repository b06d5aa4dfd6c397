using System.Management.Automation;

namespace ServiceCtl.Cmdlets.Completion;

/// <summary>What completers share that look something up: they are quick, or complete nothing.</summary>
internal static class TimelyCompletion
{
    /// <summary>Longer than this, a user takes the Tab key for dead.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(300);

    /// <param name="typed">So far.</param>
    /// <param name="results">Everything that can stand there.</param>
    public static IEnumerable<CompletionResult> Of(string typed, Func<IEnumerable<CompletionResult>> results)
    {
        // An error in the middle of typing helps nobody.
        try
        {
            var word = typed.Trim('\'', '"');
            return [.. results().Where(result => result.CompletionText.StartsWith(word, StringComparison.OrdinalIgnoreCase))];
        }
        catch (Exception)
        {
            return [];
        }
    }

    /// <summary>Completion is asked for synchronously; what is not there in time is left out.</summary>
    public static IReadOnlyList<T> List<T>(Func<CancellationToken, Task<IReadOnlyList<T>>> list)
    {
        var listing = Task.Run(async () =>
        {
            using var limit = new CancellationTokenSource(Limit);
            return await list(limit.Token);
        });
        return Task.WaitAny([listing], Limit) == 0 ? listing.GetAwaiter().GetResult() : [];
    }
}
