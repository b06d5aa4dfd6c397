using System.Management.Automation;
using System.Runtime.Versioning;
using ServiceCtl.Client;
using ServiceCtl.Cmdlets.Binding;
using ServiceCtl.Cmdlets.Completion;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

/// <summary>Copies images to other hosts without a registry.</summary>
[SupportedOSPlatform("linux")]
[Cmdlet(VerbsCommon.Copy, "PyServiceImage", SupportsShouldProcess = true)]
[OutputType(typeof(PyServiceImageCopy))]
public sealed class CopyPyServiceImageCommand : EngineCommand, IDynamicParameters
{
    private readonly HostAccess _access = new();

    /// <summary>Names of images.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string[] Image { get; set; } = [];

    /// <summary>Where they go.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [Alias("ComputerName", "Cn")]
    [Hosts]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(HostNameCompleter))]
    public PyServiceHost[] HostName { get; set; } = [];

    /// <summary>docker, podman, or the path of the engine's socket.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Engine { get; set; }

    public object GetDynamicParameters() => _access;

    protected override void ProcessRecord()
    {
        (string Image, PyServiceHost Host)[] chosen = [.. Image
            .SelectMany(image => HostName.Select(host => (image, _access.Complete(host))))
            .Where(each => ShouldProcess(each.Item2.HostName, $"Copy the image {each.image} there"))];
        Run(async call =>
        {
            foreach (var (image, host) in chosen)
            {
                try
                {
                    call.WriteObject(await ImageVerbs.CopyAsync(image, host, Engine, call.Cancellation));
                }
                catch (ServiceCtlException error)
                {
                    call.WriteError(error.Report, image);
                }
            }
        });
    }
}
