using System.Management.Automation;
using System.Runtime.Versioning;
using ServiceCtl.Client;
using ServiceCtl.Cmdlets.Pipeline;

namespace ServiceCtl.Cmdlets;

[SupportedOSPlatform("linux")]
[Cmdlet(VerbsData.Initialize, "PyServiceStage", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class InitializePyServiceStageCommand : EngineCommand
{
    /// <summary>The stages to make files for.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string[] Stage { get; set; } = [];

    /// <summary>The folder that is to hold deploy.yaml; the current one when not given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Folder { get; set; }

    protected override void ProcessRecord()
    {
        var place = GetUnresolvedProviderPathFromPSPath(Folder ?? ".");
        if (!ShouldProcess(place, $"Make deploy.yaml, and files for {string.Join(", ", Stage)}"))
            return;
        Run(call =>
        {
            foreach (var file in ReleaseVerbs.Initialize(place, Stage))
                call.WriteObject(new FileInfo(file));
            return Task.CompletedTask;
        });
    }
}
