using System.Management.Automation;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[Cmdlet(VerbsCommon.Get, Noun + "FailurePolicy", DefaultParameterSetName = NameSet)]
[OutputType(typeof(PyServiceFailureRule))]
public sealed class GetPyServiceFailurePolicyCommand : ServiceQueryCommand
{
    protected override void ProcessRecord()
    {
        var choices = TakeNames();
        Run(call => OnEachAsync(call, choices, async (at, _, given) =>
        {
            var names = await SelectNamesAsync(at, given);
            if (names.Count == 0)
                return;
            foreach (var rule in await at.Client.Failures.GetRulesAsync(
                names, error => at.WriteError(error, error.Target), at.Cancellation))
                at.WriteObject(rule);
        }));
    }
}
