using System.Management.Automation;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[Cmdlet(VerbsCommon.Get, Noun + "FailurePolicy", DefaultParameterSetName = NameSet)]
[OutputType(typeof(PyServiceFailureRule))]
public sealed class GetPyServiceFailurePolicyCommand : ServiceListCommand
{
    private protected override async Task WriteAsync(EngineCall at, IReadOnlyList<string> names)
    {
        foreach (var rule in await at.Client.Failures.GetRulesAsync(names, error => at.WriteError(error, error.Target), at.Cancellation))
            at.WriteObject(rule);
    }
}
