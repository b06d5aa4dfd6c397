using System.Management.Automation;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[Cmdlet(VerbsCommon.Get, "PyServiceAgent")]
[OutputType(typeof(AgentInfo))]
public sealed class GetPyServiceAgentCommand : EngineCommand
{
    protected override void ProcessRecord() => Run(async call =>
    {
        if (await call.Client.Agent.FindAsync(call.Cancellation) is { } agent)
            call.WriteObject(agent);
        else
            call.WriteVerbose("No agent is running.");
    });
}
