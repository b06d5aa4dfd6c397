using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using ServiceCtl.Client.Hosts;
using ServiceCtl.Cmdlets.Loading;

namespace ServiceCtl.Cmdlets.Completion;

/// <summary>Completes hosts: those that are connected, those of ssh_config, and those whose keys are known.</summary>
public sealed class HostNameCompleter : IArgumentCompleter
{
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var typed = wordToComplete.Trim('\'', '"');
        return
        [
            .. HostSessions.Names.Concat(KnownHosts.Names()).Distinct(StringComparer.OrdinalIgnoreCase)
                .Where(name => name.StartsWith(typed, StringComparison.OrdinalIgnoreCase))
                .Select(name => new CompletionResult(name)),
        ];
    }
}
