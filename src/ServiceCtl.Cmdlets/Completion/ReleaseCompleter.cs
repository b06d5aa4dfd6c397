using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using ServiceCtl.Cmdlets.Loading;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets.Completion;

/// <summary>Completes releases of the stage that was named before.</summary>
public sealed class ReleaseCompleter : IArgumentCompleter
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
                    .Where(release => release.Id.StartsWith(word, StringComparison.Ordinal))
                    .Select(release => new CompletionResult(release.Id, release.Id, CompletionResultType.ParameterValue,
                        $"{release.State}, {release.Branch} {release.Commit}"))];
        }
        catch (Exception)
        {
            return [];
        }
    }

    private static IReadOnlyList<PyServiceRelease> ListInTime(string folder, string stage)
    {
        var listing = Task.Run(async () =>
        {
            using var limit = new CancellationTokenSource(Limit);
            using var connection = new EngineConnection();
            return await connection.ClientOf(host: null).Releases.GetAsync(folder, stage, limit.Token);
        });
        return Task.WaitAny([listing], Limit) == 0 ? listing.GetAwaiter().GetResult() : [];
    }
}
