using System.Management.Automation;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[Cmdlet(VerbsLifecycle.Restart, "PyServiceAgent", SupportsShouldProcess = true)]
[OutputType(typeof(AgentInfo))]
public sealed class RestartPyServiceAgentCommand : AgentCommand
{
    /// <summary>Agents that Get-PyServiceAgent has written: those of their hosts.</summary>
    [Parameter(ValueFromPipeline = true)]
    [ValidateNotNull]
    public AgentInfo[] InputObject { get; set; } = [];

    /// <summary>Write the new agent.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override IReadOnlyList<AgentInfo> Piped => InputObject;

    protected override void ProcessRecord() => OnEach("Replace by one of this version, and leave the services running", async call =>
    {
        await using var progress = new WorkProgress(call, "Replacing the agent", total: 1);
        var agent = await call.Client.Agent.RestartAsync(call.Cancellation);
        call.WriteVerbose(On(call)
            + (agent is null ? "No agent was running." : $"The agent is version {agent.Version}, pid {agent.Pid}."));
        if (PassThru && agent is not null)
            call.WriteObject(agent);
    });
}
