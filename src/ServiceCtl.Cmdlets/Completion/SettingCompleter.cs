using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace ServiceCtl.Cmdlets.Completion;

/// <summary>Completes <c>key=value</c>: the key, and the values of keys that take only a few.</summary>
public sealed class SettingCompleter : IArgumentCompleter
{
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var typed = wordToComplete.Trim('\'', '"');
        return KeyCompletion.Of(
            wordToComplete,
            key => typed.StartsWith(key.Key + "=", StringComparison.OrdinalIgnoreCase)
                ? key.Values.Select(value => $"{key.Key}={value}") : [$"{key.Key}="]);
    }
}
