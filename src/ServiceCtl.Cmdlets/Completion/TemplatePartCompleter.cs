using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using ServiceCtl.Client;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets.Completion;

/// <summary>Completes the optional parts of the framework that was named, or of all.</summary>
public sealed class TemplatePartCompleter : IArgumentCompleter
{
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        TimelyCompletion.Of(wordToComplete, () => (LocalHost.HasServices ? ProjectVerbs.Templates : [])
            .Where(template => fakeBoundParameters["Framework"] is not { } chosen
                || template.Framework.ToString().Equals($"{chosen}", StringComparison.OrdinalIgnoreCase))
            .SelectMany(template => template.Parts).DistinctBy(part => part.Name)
            .Select(part => new CompletionResult(part.Name, part.Name, CompletionResultType.ParameterValue, part.Description)));
}
