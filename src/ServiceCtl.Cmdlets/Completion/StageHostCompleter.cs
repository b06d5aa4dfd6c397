using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using ServiceCtl.Client;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets.Completion;

/// <summary>Completes hosts of the stage that was named before.</summary>
public sealed class StageHostCompleter : IArgumentCompleter
{
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        TimelyCompletion.Of(wordToComplete, () =>
        {
            if (fakeBoundParameters["Stage"] is not string stage)
                return [];
            var folder = StageCompleter.FolderOf(fakeBoundParameters);
            return TimelyCompletion.List(limit => FindAsync(folder, stage, limit))
                .Select(name => new CompletionResult(name));
        });

    private static Task<IReadOnlyList<string>> FindAsync(string folder, string stage, CancellationToken limit) =>
        LocalHost.HasServices ? ReleaseVerbs.FindHostsAsync(folder, stage, limit) : Task.FromResult<IReadOnlyList<string>>([]);
}
