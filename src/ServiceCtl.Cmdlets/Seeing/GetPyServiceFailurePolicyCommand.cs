using System.Management.Automation;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[Cmdlet(VerbsCommon.Get, Noun + "FailurePolicy", DefaultParameterSetName = NameSet)]
[OutputType(typeof(PyServiceFailureRule))]
public sealed class GetPyServiceFailurePolicyCommand : ServiceQueryCommand
{
    private protected override bool ReachesHosts => false;

    protected override void ProcessRecord()
    {
        var choices = TakeNames();
        Run(call => OnEachAsync(call, choices, async (at, _, given) =>
        {
            foreach (var name in await SelectNamesAsync(at, given))
            {
                try
                {
                    foreach (var rule in await at.Client.Failures.GetRulesAsync(name, at.Cancellation))
                        at.WriteObject(rule);
                }
                catch (ServiceCtlException error)
                {
                    at.WriteError(error.Report, name);
                }
            }
        }));
    }
}
