using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace ServiceCtl.Cmdlets.Completion;

/// <summary>Completes the steps that every deploy has.</summary>
public sealed class DeployStepCompleter : IArgumentCompleter
{
    private static readonly string[] Steps = ["starting", "updating", "publishing", "finishing"];

    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Steps.Where(step => step.StartsWith(wordToComplete.Trim('\'', '"'), StringComparison.OrdinalIgnoreCase))
            .Select(step => new CompletionResult(step));
}
