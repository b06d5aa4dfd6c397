using System.Management.Automation;
using ServiceCtl.Cmdlets.Binding;
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
    private bool _isNameGiven;

    /// <summary>Folders of services, or their configuration files.</summary>
    [Parameter(
        ParameterSetName = PathSet, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Paths]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>The same, taken as they are written.</summary>
    [Parameter(ParameterSetName = LiteralPathSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    [Paths(AreLiteral = true)]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>The name to go by; the one that the configuration or the folder gives when not given.</summary>
    // An empty cell of a CSV file is as good as none.
    [Parameter(ParameterSetName = PathSet, Position = 1, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = LiteralPathSet, Position = 1)]
    [Alias("ServiceName")]
    public string? Name { get; set; }

    /// <summary>Where their configuration is searched, lowest first, instead of where the folder says: files, folders, patterns.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Source { get; set; } = [];

    /// <summary>Start them at every boot, as Enable-PyService does.</summary>
    [Parameter]
    public SwitchParameter AtBoot { get; set; }

    /// <summary>Write the registered services.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void BeginProcessing() => _isNameGiven = MyInvocation.BoundParameters.ContainsKey(nameof(Name));

    protected override void ProcessRecord()
    {
        string[] paths = ParameterSetName == PathSet
            ? [.. Path.SelectMany(Resolve)]
            : [.. LiteralPath.Select(GetUnresolvedProviderPathFromPSPath)];
        // A file from the pipeline has a name of its own, which is not the service's.
        var isNamed = _isNameGiven || !Array.Exists(Path, PathsAttribute.IsOfFile);
        var name = string.IsNullOrEmpty(Name) || !isNamed ? null : Name;
        if (name is not null && paths.Length > 1)
        {
            ThrowTerminatingError(ErrorRecords.Create(new ServiceCtlException(
                ErrorCode.InvalidArgument, name, $"One name, {name}, can't be given to {paths.Length} services. Nothing was registered.",
                "Leave -Name out, or register them one by one.")));
        }

        foreach (var path in paths.Where(
            path => ShouldProcess(path, AtBoot ? "Register as a service that starts at every boot" : "Register as a service")))
            Run(call => RegisterAsync(call, path, name));
    }

    private async Task RegisterAsync(EngineCall call, string path, string? name)
    {
        if (AtBoot && !_isInstalled)
        {
            await BootSetup.EnsureAsync(call);
            _isInstalled = true;
        }

        try
        {
            var service = await call.Client.Services.RegisterAsync(path, name, call.Cancellation, AtBoot, Source);
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
