using System.Management.Automation;
using System.Runtime.Versioning;
using ServiceCtl.Client;
using ServiceCtl.Cmdlets.Completion;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[SupportedOSPlatform("linux")]
[Cmdlet(VerbsData.Publish, "PyService", SupportsShouldProcess = true)]
[OutputType(typeof(PyServiceDeployment), typeof(PyServiceDeployPlan))]
public sealed class PublishPyServiceCommand : StageHostCommand
{
    /// <summary>A branch, tag or commit; what deploy.yaml says when not given.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string? Revision { get; set; }

    /// <summary>Only this step: starting, updating, publishing, finishing, or one of deploy.yaml.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DeployStepCompleter))]
    public string? Step { get; set; }

    /// <summary>Don't ask, where deploy.yaml wants deploys to be confirmed.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord()
    {
        DeployRequest request = new() { Folder = Place, Stage = Stage, Revision = Revision, Step = Step };
        var action = Step is null ? "Deploy, and have the new release serve" : $"Deploy: {Step}";
        var isDone = ShouldProcess(
            $"Performing the operation \"{action}\" on target \"{Stage}\".", $"{action} to {Stage}?", "Confirm", out var reason);
        if (!isDone)
        {
            // A plan is of the whole deploy, and asking for it changes nothing.
            if (reason == ShouldProcessReason.WhatIf && Step is null)
                RunStage(async call => call.WriteObject(await Releases(call).PlanAsync(request, call.Cancellation)));
            return;
        }

        bool? mustAsk = null;
        RunStage(async call => mustAsk = !Force && await ReleaseVerbs.MustBeConfirmedAsync(request.Folder, Stage, call.Cancellation));
        if (mustAsk is not { } asks || (asks && !ShouldContinue($"Deploy to {Stage}?", "deploy.yaml wants deploys to be confirmed")))
            return;
        RunStage(async call => Write(call, await Releases(call).DeployAsync(request, new Steps(call), call.Cancellation)));
    }
}
