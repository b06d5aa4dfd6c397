using System.Management.Automation;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[Cmdlet(VerbsCommon.Get, "PyServiceAgent")]
[OutputType(typeof(AgentInfo))]
public sealed class GetPyServiceAgentCommand : AgentCommand
{
    protected override void ProcessRecord() => OnEach(intention: null, async call =>
    {
        if (await call.Client.Agent.FindAsync(call.Cancellation) is { } agent)
            call.WriteObject(agent);
        else
            call.WriteVerbose($"{On(call)}No agent is running.");
    });
}
