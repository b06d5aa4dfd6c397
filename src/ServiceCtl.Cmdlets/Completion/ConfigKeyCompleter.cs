using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace ServiceCtl.Cmdlets.Completion;

/// <summary>Completes dotted keys, from the schema alone: no agent is asked, and no file is read.</summary>
public sealed class ConfigKeyCompleter : IArgumentCompleter
{
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        KeyCompletion.Of(wordToComplete, key => [key.Key]);
}
