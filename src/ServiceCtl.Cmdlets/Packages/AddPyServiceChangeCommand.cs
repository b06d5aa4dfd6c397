using System.Management.Automation;
using System.Runtime.Versioning;
using ServiceCtl.Client;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[SupportedOSPlatform("linux")]
[Cmdlet(VerbsCommon.Add, "PyServiceChange", SupportsShouldProcess = true)]
[OutputType(typeof(PyServiceChange))]
public sealed class AddPyServiceChangeCommand : ProjectCommand
{
    /// <summary>What kind of change.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    public ChangeKind Kind { get; set; }

    /// <summary>What is new, in a sentence.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Text { get; set; } = "";

    /// <summary>The issue that it belongs to.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Issue { get; set; }

    protected override void ProcessRecord()
    {
        var place = Place;
        if (!ShouldProcess(place, $"Write the change '{Text}'"))
            return;
        Run(call =>
        {
            call.WriteObject(PackageVerbs.AddChange(place, Kind, Text, Issue));
            return Task.CompletedTask;
        });
    }
}
