using System.Management.Automation;
using System.Runtime.Versioning;
using ServiceCtl.Client;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[SupportedOSPlatform("linux")]
[Cmdlet(VerbsData.Publish, "PyServiceImage", SupportsShouldProcess = true)]
[OutputType(typeof(PyServiceImagePush))]
public sealed class PublishPyServiceImageCommand : EngineCommand
{
    /// <summary>Names of images; without a tag, every tag of the latest one.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string[] Image { get; set; } = [];

    /// <summary>Where they go, before their names; what their names say when not given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Registry { get; set; }

    /// <summary>docker, podman, or the path of the engine's socket.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Engine { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var image in Image)
        {
            var action = Registry is null ? "Push to its registry" : $"Push to {Registry}";
            if (PlannedAction.IsWanted(this, action, image, $"{action}: {image}?", out var isDone))
                Run(call => PushAsync(call, image, isPlan: !isDone));
        }
    }

    private async Task PushAsync(EngineCall call, string image, bool isPlan)
    {
        try
        {
            foreach (var pushed in await ImageVerbs.PushAsync(image, Registry, Engine, isPlan, call.WriteVerbose, call.Cancellation))
                call.WriteObject(pushed);
        }
        catch (ServiceCtlException error)
        {
            call.WriteError(error.Report, image);
        }
    }
}
