using System.Management.Automation;
using System.Runtime.Versioning;
using ServiceCtl.Client;
using ServiceCtl.Cmdlets.Binding;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[SupportedOSPlatform("linux")]
[Cmdlet("Build", "PyServicePackage", SupportsShouldProcess = true)]
[OutputType(typeof(PyServicePackage))]
public sealed class BuildPyServicePackageCommand : ProjectCommand
{
    /// <summary>Only the wheel, or the sdist; both when not given.</summary>
    [Parameter(Position = 0)]
    public PackageKind? Kind { get; set; }

    /// <summary>The folder for the files; dist in the project when not given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Output { get; set; }

    /// <summary>The Python that builds.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string Python { get; set; } = "python3";

    /// <summary>Whether the tools of the build are fetched into a virtualenv of their own; when not given, where they lack.</summary>
    [Parameter]
    [OnOff]
    [ValidateSet(OnOffAttribute.On, OnOffAttribute.Off)]
    public string? Isolation { get; set; }

    protected override void ProcessRecord()
    {
        var place = Place;
        var output = Output is null ? Path.Combine(place, "dist") : GetUnresolvedProviderPathFromPSPath(Output);
        if (!ShouldProcess(place, $"Build its packages into {output}"))
            return;
        var request = new PackageRequest
        {
            Folder = place,
            Output = output,
            Kind = Kind,
            Python = Program(Python),
            IsIsolated = OnOffAttribute.Read(Isolation),
        };
        Run(async call =>
        {
            foreach (var package in await PackageVerbs.BuildAsync(request, call.WriteVerbose, call.Cancellation))
            {
                call.WriteObject(package);
                foreach (var warning in package.Warnings)
                    call.WriteWarning($"{Path.GetFileName(package.Path)}: {warning}");
            }
        });
    }
}
