using System.Management.Automation;
using System.Runtime.Versioning;
using ServiceCtl.Client;
using ServiceCtl.Cmdlets.Binding;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[Cmdlet(VerbsLifecycle.Invoke, "Relog", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(RelogGroup), typeof(RelogReport))]
public sealed class InvokeRelogCommand : ServiceQueryCommand
{
    private const string PathSet = "Path";

    private readonly List<ServiceChoice> _names = [];

    /// <summary>Log files instead of services.</summary>
    [Parameter(ParameterSetName = PathSet, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Where to write the results for files; nowhere when not given.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [ValidateNotNullOrEmpty]
    public string? Destination { get; set; }

    /// <summary>Whether to empty the results first; what the configuration says when not given.</summary>
    [Parameter]
    [Alias("r")]
    [OnOff]
    [ValidateSet(OnOffAttribute.On, OnOffAttribute.Off)]
    public string? EmptyFirst { get; set; }

    /// <summary>Write exceptions by type and place; the default.</summary>
    [Parameter]
    public SwitchParameter Group { get; set; }

    /// <summary>Write what was done.</summary>
    [Parameter]
    public SwitchParameter Report { get; set; }

    private bool? IsEmptyFirst => OnOffAttribute.Read(EmptyFirst);

    protected override void ProcessRecord()
    {
        if (ParameterSetName != PathSet)
            _names.AddRange(TakeNames());
    }

    protected override void EndProcessing()
    {
        if (ParameterSetName != PathSet)
            SortServices();
        else if (LocalHost.HasServices)
            SortFiles();
        else
            RefuseLocal();
    }

    private void SortServices()
    {
        IReadOnlyList<PyService> services = [];
        Run(async call => services = await SelectAsync(call, _names));
        var intention = IsEmptyFirst == true
            ? "Empty the results, and sort exceptions and errors out of its logs" : "Sort exceptions and errors out of its logs";
        PyService[] chosen = [.. services.Where(service => ShouldProcess(TargetOf(service), intention))];
        if (chosen.Length == 0)
            return;

        Run(async call =>
        {
            await using var progress = new WorkProgress(call, "Sorting logs", chosen.Length);
            await OnEachAsync(call, chosen, async (at, group) =>
            {
                var request = new RelogRequest { Services = [.. group.Select(service => service.Name)], EmptyFirst = IsEmptyFirst };
                await foreach (var happened in at.Client.Relog.SortAsync(request, progress, at.Cancellation))
                {
                    progress.CountDone();
                    if (happened.Report is { } report)
                        Write(at, report);
                    if (happened.Error is { } error)
                        at.WriteError(error, error.Target);
                }
            });
        });
    }

    [SupportedOSPlatform("linux")]
    private void SortFiles()
    {
        if (AreHostsNamed)
        {
            ThrowTerminatingError(ErrorRecords.Create(new ServiceCtlException(
                ErrorCode.InvalidArgument, null, "-Path names files of this host, and -HostName other hosts. Nothing was done.",
                "Name services instead, or run 'servicectl relog --path FILE --host HOST', which sorts files over there.")));
        }

        string[] files = [.. Path.SelectMany(path => GetResolvedProviderPathFromPSPath(path, out _))];
        var destination = Destination is null ? null : GetUnresolvedProviderPathFromPSPath(Destination);
        if (destination is not null && !ShouldProcess(destination, $"Write what is sorted out of {files.Length} logs"))
            return;

        Run(async call =>
        {
            await using var progress = new WorkProgress(call, "Sorting logs", total: 1);
            Write(call, await RelogVerbs.SortFilesAsync(files, destination, IsEmptyFirst ?? false, progress, call.Cancellation));
        });
    }

    private void Write(EngineCall call, RelogReport report)
    {
        call.WriteVerbose($"{report.Service ?? "files"}: {report}");
        if (Report)
            call.WriteObject(report);
        foreach (var group in Group || !Report ? report.Groups : [])
            call.WriteObject(group);
        foreach (var problem in report.Problems)
        {
            if (problem.IsWarning)
                call.WriteWarning(problem.ToString());
            else
                call.WriteError(new ErrorReport { Code = ErrorCode.System, Target = problem.File, Message = problem.ToString() },
                    problem.File);
        }
    }
}
