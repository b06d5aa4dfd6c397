using System.Management.Automation;
using ServiceCtl.Client;
using ServiceCtl.Cmdlets.Binding;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[Cmdlet(VerbsCommon.Set, "PyServiceConfig", DefaultParameterSetName = InputObjectSet, SupportsShouldProcess = true)]
[OutputType(typeof(PyServiceConfigPush))]
public sealed class SetPyServiceConfigCommand : ServiceTargetCommand
{
    private const string ToJson = "param($it) Microsoft.PowerShell.Utility\\ConvertTo-Json -InputObject $it -Depth 64";

    private ConfigPushRequest _request = new() { Service = "", Text = "" };

    /// <summary>The configuration: a hashtable, an object, or JSON text.</summary>
    [Parameter(ParameterSetName = NameSet, Position = 1)]
    [Parameter(ParameterSetName = InputObjectSet, Position = 0)]
    [ValidateNotNull]
    [Settings]
    public PSObject? Config { get; set; }

    /// <summary>A file that holds it: JSON, YAML, TOML, INI.</summary>
    [Parameter]
    [Alias("FilePath")]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>Keep it though the service does not become ready with it.</summary>
    [Parameter]
    public SwitchParameter NoRollback { get; set; }

    /// <summary>Return when it is written.</summary>
    [Parameter]
    public SwitchParameter NoWait { get; set; }

    /// <summary>Write what became of it.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if (Config is null == Path is null)
        {
            Run(_ => throw new ServiceCtlException(
                ErrorCode.InvalidArgument, null, "Give the configuration either as -Config or as -Path.",
                "Set-PyServiceConfig billing @{ log_level = 'debug' }"));
        }

        _request = _request with { NoRollback = NoRollback, NoWait = NoWait };
        if (Config is not null)
        {
            _request = _request with { Text = Config.BaseObject as string ?? ScriptBlock.Create(ToJson).Invoke(Config)[0].ToString() };
            return;
        }

        var file = GetUnresolvedProviderPathFromPSPath(Path);
        Run(async call => _request = _request with
        {
            Text = await ConfigurationVerbs.ReadFileAsync(file, call.Cancellation),
            Source = file,
            Format = ConfigurationVerbs.FormatOf(file),
        });
    }

    private protected override bool IsConfirmed(PyService service)
    {
        PyServiceConfigPush? preview = null;
        Run(call => OnEachAsync(call, [service], async (at, _) =>
            preview = await PushAsync(at, _request with { Service = service.Name, Preview = true })));
        if (preview is null)
            return false;
        var changes = preview.Differences.Count == 0 ? "" : $": {string.Join("; ", preview.Differences)}";
        return ShouldProcess(TargetOf(service), $"Push a configuration. {preview.Message.TrimEnd('.')}{changes}");
    }

    private protected override async Task ActAsync(EngineCall call, IReadOnlyList<PyService> services)
    {
        await using var progress = new WorkProgress(call, "Pushing a configuration", services.Count);
        await Task.WhenAll(services.Select(async service =>
        {
            if (await PushAsync(call, _request with { Service = service.Name }) is { } push)
                Write(call, push);
            progress.CountDone();
        }));
    }

    private void Write(EngineCall call, PyServiceConfigPush push)
    {
        call.WriteVerbose(push.Message);
        if (PassThru)
            call.WriteObject(push);
        if (push.Error is { } error)
            call.WriteError(error with { Message = push.Message }, push.Service);
    }

    /// <returns>Null when it was refused, which is reported.</returns>
    private static async Task<PyServiceConfigPush?> PushAsync(EngineCall call, ConfigPushRequest request)
    {
        PyServiceConfigPush? push = null;
        await call.TryOnAsync(request.Service,
            async () => push = await call.Client.Configuration.PushAsync(request, call.Cancellation));
        return push;
    }
}
