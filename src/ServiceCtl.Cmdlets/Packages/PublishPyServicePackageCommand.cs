using System.Management.Automation;
using System.Runtime.Versioning;
using ServiceCtl.Client;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[SupportedOSPlatform("linux")]
[Cmdlet(VerbsData.Publish, "PyServicePackage", SupportsShouldProcess = true)]
[OutputType(typeof(PyServicePublication))]
public sealed class PublishPyServicePackageCommand : ProjectCommand
{
    private readonly List<string> _files = [];

    /// <summary>A folder, or the address of an index that takes uploads.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Destination { get; set; } = "";

    /// <summary>Wheels and sdists; those of the project's version in dist when not given.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Alias("FullName")]
    public string[] Path { get; set; } = [];

    protected override void ProcessRecord() => _files.AddRange(Path.SelectMany(Resolve));

    protected override void EndProcessing()
    {
        // What came through the pipeline was nothing, which does not make it the project's.
        if (_files.Count == 0 && (MyInvocation.ExpectingInput || MyInvocation.BoundParameters.ContainsKey(nameof(Path))))
            return;
        var target = PackageVerbs.IsAddress(Destination) ? Destination : GetUnresolvedProviderPathFromPSPath(Destination);
        if (!PlannedAction.IsWanted(this, "Publish packages", target, $"Publish packages in {target}?", out var isDone))
            return;
        var place = Place;
        Run(async call =>
        {
            foreach (var publication in await PackageVerbs.PublishAsync(
                _files.Count > 0 ? _files : PackageVerbs.FindBuilt(place, call.Cancellation), target, !isDone, call.WriteVerbose,
                call.Cancellation))
                call.WriteObject(publication);
        });
    }
}
