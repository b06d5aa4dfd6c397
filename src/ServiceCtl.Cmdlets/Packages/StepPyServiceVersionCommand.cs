using System.Management.Automation;
using System.Runtime.Versioning;
using ServiceCtl.Client;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[SupportedOSPlatform("linux")]
[Cmdlet(VerbsCommon.Step, "PyServiceVersion", SupportsShouldProcess = true)]
[OutputType(typeof(PyServiceVersion), typeof(HostCheck))]
public sealed class StepPyServiceVersionCommand : ProjectCommand
{
    /// <summary>Which part goes up; what the changes ask for when not given.</summary>
    [Parameter(Position = 0)]
    public VersionPart? Part { get; set; }

    /// <summary>What the version counts.</summary>
    [Parameter]
    public VersionKind Kind { get; set; }

    /// <summary>A version before the release.</summary>
    [Parameter]
    public VersionStage? Prerelease { get; set; }

    /// <summary>This version, and not the next one.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Version { get; set; }

    /// <summary>Commit the files that were changed.</summary>
    [Parameter]
    public SwitchParameter Commit { get; set; }

    /// <summary>Tag the commit.</summary>
    [Parameter]
    public SwitchParameter Tag { get; set; }

    /// <summary>Even when nothing in changes says what is new.</summary>
    [Parameter]
    public SwitchParameter AllowEmpty { get; set; }

    /// <summary>Only check whether it could be done.</summary>
    [Parameter]
    public SwitchParameter Check { get; set; }

    protected override void ProcessRecord()
    {
        var request = new VersionRequest
        {
            Folder = Place,
            Kind = Kind,
            Part = Part,
            Stage = Prerelease,
            Version = Version,
            IsCommitted = Commit,
            IsTagged = Tag,
            IsEmptyAllowed = AllowEmpty,
        };
        if (Check)
        {
            Run(call =>
            {
                foreach (var check in PackageVerbs.Check(request, call.Cancellation))
                    call.WriteObject(check);
                return Task.CompletedTask;
            });
            return;
        }

        var action = Commit ? "Raise its version, and commit that" : "Raise its version";
        if (PlannedAction.IsWanted(this, action, request.Folder, $"{action} in {request.Folder}?", out var isDone))
            Run(async call => call.WriteObject(
                await PackageVerbs.StepAsync(request with { IsPlan = !isDone }, call.Cancellation)));
    }
}
