using System.Management.Automation;
using System.Runtime.Versioning;
using ServiceCtl.Client;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[Cmdlet(VerbsDiagnostic.Test, "PyServiceConfig", DefaultParameterSetName = NameSet)]
[OutputType(typeof(ServiceConfigCheck), typeof(bool))]
public sealed class TestPyServiceConfigCommand : ServiceConfigCommand
{
    /// <summary>Put the effective values and their sources into the result.</summary>
    [Parameter]
    public SwitchParameter IncludeValues { get; set; }

    /// <summary>Write $true when all configurations are right, else $false, and nothing more.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    private int _checked;
    private int _wrong;

    protected override void EndProcessing()
    {
        base.EndProcessing();
        if (Quiet)
            WriteObject(_checked > 0 && _wrong == 0 && !HasMissed);
    }

    [SupportedOSPlatform("linux")]
    private protected override async Task ActAsync(EngineCall call, ConfigQuery target)
    {
        Count(call, await ConfigurationVerbs.CheckAsync(target, IncludeValues, call.Cancellation));
    }

    private protected override async Task ActThereAsync(EngineCall at, IReadOnlyList<string> about, ConfigQuery query)
    {
        foreach (var check in await at.Client.Configuration.CheckThereAsync(about, query, IncludeValues, Report, at.Cancellation))
            Count(at, check);

        void Report(ErrorReport error)
        {
            Interlocked.Increment(ref _wrong);
            at.WriteError(error, error.Target);
        }
    }

    private void Count(EngineCall call, ServiceConfigCheck check)
    {
        Interlocked.Increment(ref _checked);
        if (!check.IsValid)
            Interlocked.Increment(ref _wrong);
        if (!Quiet)
            call.WriteObject(check);
    }
}
