using System.Management.Automation;
using System.Runtime.Versioning;
using ServiceCtl.Client;
using ServiceCtl.Cmdlets.Completion;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[Cmdlet(VerbsCommon.Get, "PyServiceConfig", DefaultParameterSetName = NameSet)]
[OutputType(typeof(ServiceSetting))]
public sealed class GetPyServiceConfigCommand : ServiceConfigCommand
{
    /// <summary>The view with file, line and column.</summary>
    private const string SourceView = "ServiceCtl.Contracts.ServiceSetting#Source";

    /// <summary>Dotted keys, with * and ?; a section stands for all its keys.</summary>
    // A position where a name stands before it, and nowhere else: services from the pipeline, and then a word, would be a name and a key to
    // PowerShell.
    [Parameter(ParameterSetName = NameSet, Position = 1)]
    [Parameter(ParameterSetName = InputObjectSet)]
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ConfigKeyCompleter))]
    [SupportsWildcards]
    public string[] Key { get; set; } = [];

    /// <summary>Show file, line and column in the table.</summary>
    [Parameter]
    public SwitchParameter ShowSource { get; set; }

    /// <summary>Write what lower sources say as well, each below what counts.</summary>
    [Parameter]
    public SwitchParameter ShowOverridden { get; set; }

    private protected override string OtherWord =>
        $"If it is a key, say so: 'Get-PyService web | Get-PyServiceConfig -Key {string.Join(", ", Name)}'.";

    [SupportedOSPlatform("linux")]
    private protected override async Task ActAsync(EngineCall call, ConfigQuery target)
    {
        try
        {
            foreach (var setting in await ConfigurationVerbs.GetAsync(target with { Keys = Key }, call.Cancellation))
                Write(call, setting);
        }
        catch (ServiceCtlException error) when (error.Code is ErrorCode.ConfigInvalid or ErrorCode.ConfigNotFound
            || Key.Contains(error.Target))
        {
            call.WriteError(error.Report, target.Service ?? target.Path);
        }
    }

    private protected override async Task ActThereAsync(EngineCall at, IReadOnlyList<string> about, ConfigQuery query)
    {
        foreach (var setting in await at.Client.Configuration.GetThereAsync(
            about, query with { Keys = Key }, error => at.WriteError(error, error.Target), at.Cancellation))
            Write(at, setting);
    }

    private void Write(EngineCall call, ServiceSetting setting)
    {
        foreach (var each in ShowOverridden ? [setting, .. setting.Overridden] : new[] { setting })
        {
            var shown = PSObject.AsPSObject(each);
            if (ShowSource)
                shown.TypeNames.Insert(0, SourceView);
            call.WriteObject(shown);
        }
    }
}
