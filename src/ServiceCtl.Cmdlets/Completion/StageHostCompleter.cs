using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using ServiceCtl.Client;

namespace ServiceCtl.Cmdlets.Completion;

/// <summary>Completes hosts of the stage that was named before.</summary>
public sealed class StageHostCompleter : IArgumentCompleter
{
    /// <summary>Longer than this, a user takes the Tab key for dead.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(300);

    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        // An error in the middle of typing helps nobody.
        try
        {
            var word = wordToComplete.Trim('\'', '"');
            return fakeBoundParameters["Stage"] is not string stage ? []
                : [.. ListInTime(StageCompleter.FolderOf(fakeBoundParameters), stage)
                    .Where(name => name.StartsWith(word, StringComparison.OrdinalIgnoreCase)).Select(name => new CompletionResult(name))];
        }
        catch (Exception)
        {
            return [];
        }
    }

    private static IReadOnlyList<string> ListInTime(string folder, string stage)
    {
        using var limit = new CancellationTokenSource(Limit);
        var listing = Task.Run(() => ReleaseVerbs.FindHostsAsync(folder, stage, limit.Token));
        return Task.WaitAny([listing], Limit) == 0 ? listing.GetAwaiter().GetResult() : [];
    }
}
