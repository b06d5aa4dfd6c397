using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using ServiceCtl.Cmdlets.Loading;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets.Completion;

/// <summary>Completes releases of the stage that was named before.</summary>
public sealed class ReleaseCompleter : IArgumentCompleter
{
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        TimelyCompletion.Of(wordToComplete, () =>
        {
            if (fakeBoundParameters["Stage"] is not string stage)
                return [];
            var folder = StageCompleter.FolderOf(fakeBoundParameters);
            return TimelyCompletion.List(limit => ListAsync(folder, stage, limit))
                .Select(release => new CompletionResult(release.Id, release.Id, CompletionResultType.ParameterValue,
                    $"{release.State}, {release.Branch} {release.Commit}"));
        });

    private static async Task<IReadOnlyList<PyServiceRelease>> ListAsync(string folder, string stage, CancellationToken limit)
    {
        if (!LocalHost.HasServices)
            return [];
        using var connection = new EngineConnection();
        return await connection.ClientOf(host: null).Releases.GetAsync(folder, stage, limit);
    }
}
