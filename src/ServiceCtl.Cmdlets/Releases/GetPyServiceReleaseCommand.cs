using System.Management.Automation;
using System.Runtime.Versioning;
using ServiceCtl.Client;
using ServiceCtl.Cmdlets.Completion;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[SupportedOSPlatform("linux")]
[Cmdlet(VerbsCommon.Get, "PyServiceRelease")]
[OutputType(typeof(PyServiceRelease))]
public sealed class GetPyServiceReleaseCommand : StageHostCommand
{
    /// <summary>Only these, by id; patterns with * and ?.</summary>
    [Parameter(Position = 1)]
    [Alias("Id")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ReleaseCompleter))]
    public string[] Release { get; set; } = [];

    /// <summary>Only releases in these states.</summary>
    [Parameter]
    public ReleaseState[] State { get; set; } = [];

    protected override void ProcessRecord()
    {
        var place = Place;
        RunStage(async call =>
        {
            var releases = await Releases(call).GetAsync(
                place, Stage, error => call.WriteError(error, Stage), call.Cancellation);
            foreach (var release in releases.Where(one => (State.Length == 0 || State.Contains(one.State))
                && (Release.Length == 0 || Array.Exists(Release, pattern => ServiceSelection.Matches(pattern, one.Id)))))
                call.WriteObject(release, showsHost: release.HostName is not null);
            foreach (var missing in Release.Where(id => !ServiceSelection.IsPattern(id) && releases.All(one => one.Id != id)))
            {
                call.WriteError(new ErrorReport
                {
                    Code = ErrorCode.ReleaseNotFound,
                    Target = missing,
                    Message = $"{Stage} has no release {missing}.",
                    Advice = $"'servicectl releases {Stage}' lists those that are there.",
                }, missing);
            }
        });
    }
}
