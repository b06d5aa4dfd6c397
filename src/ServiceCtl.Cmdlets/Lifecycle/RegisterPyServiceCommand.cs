using System.Management.Automation;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[Cmdlet(VerbsLifecycle.Register, "PyService", DefaultParameterSetName = PathSet, SupportsShouldProcess = true)]
[OutputType(typeof(PyService))]
public sealed class RegisterPyServiceCommand : EngineCommand
{
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";

    private bool _isInstalled;

    /// <summary>Folders of services, or their configuration files.</summary>
    [Parameter(
        ParameterSetName = PathSet, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>The same, taken as they are written.</summary>
    [Parameter(ParameterSetName = LiteralPathSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>The name to go by; the one that the configuration or the folder gives when not given.</summary>
    // Not bound from the pipeline: folders and files have a Name, too.
    [Parameter(Position = 1)]
    [Alias("ServiceName")]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>Run them after each boot, until somebody stops them: installs the agent's unit.</summary>
    [Parameter]
    public SwitchParameter AtBoot { get; set; }

    /// <summary>Write the registered services.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord()
    {
        string[] paths = ParameterSetName == PathSet
            ? [.. Path.SelectMany(Resolve)]
            : [.. LiteralPath.Select(GetUnresolvedProviderPathFromPSPath)];
        if (Name is not null && paths.Length > 1)
        {
            ThrowTerminatingError(ErrorRecords.Create(new ServiceCtlException(
                ErrorCode.InvalidArgument, Name, $"One name, {Name}, can't be given to {paths.Length} services. Nothing was registered.",
                "Leave -Name out, or register them one by one.")));
        }

        foreach (var path in paths.Where(path => ShouldProcess(path, AtBoot ? "Register as a service that runs after each boot" : "Register as a service")))
            Run(call => RegisterAsync(call, path));
    }

    private async Task RegisterAsync(EngineCall call, string path)
    {
        if (AtBoot && !_isInstalled)
        {
            var unit = await call.Client.Units.InstallAtBootAsync(call.Cancellation);
            call.WriteVerbose($"The agent is started at boot, by {unit.Path}.");
            _isInstalled = true;
        }

        try
        {
            var service = await call.Client.Services.RegisterAsync(path, Name, call.Cancellation, AtBoot);
            call.WriteVerbose($"{service.Name} is registered with {service.ConfigPath}.");
            if (PassThru)
                call.WriteObject(service);
        }
        catch (ServiceCtlException error)
            when (error.Code is ErrorCode.ServiceExists or ErrorCode.InvalidArgument or ErrorCode.ConfigNotFound or ErrorCode.ConfigInvalid)
        {
            call.WriteError(error.Report, path);
        }
    }
}
