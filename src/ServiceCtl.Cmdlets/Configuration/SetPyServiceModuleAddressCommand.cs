using System.Management.Automation;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[Cmdlet(VerbsCommon.Set, "PyServiceModuleAddress", DefaultParameterSetName = InputObjectSet, SupportsShouldProcess = true)]
[OutputType(typeof(PyServiceModuleAddress))]
public sealed class SetPyServiceModuleAddressCommand : ServiceTargetCommand
{
    // Positions after a name, and nowhere else: after services from the pipeline the first word would be a name to PowerShell.
    [Parameter(ParameterSetName = NameSet, Position = 1)]
    [Parameter(ParameterSetName = InputObjectSet)]
    [ValidateNotNullOrEmpty]
    public string Module { get; set; } = "";

    /// <summary>As host:port; an empty list says that it is nowhere.</summary>
    [Parameter(ParameterSetName = NameSet, Position = 2)]
    [Parameter(ParameterSetName = InputObjectSet)]
    [AllowEmptyCollection]
    public string[] Address { get; set; } = [];

    /// <summary>Write the module as the service knows it.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override string OtherWord =>
        "Name what the words are: 'Get-PyService web | Set-PyServiceModuleAddress -Module billing -Address 10.0.0.7:8080'.";

    // Not mandatory, and asked for here: PowerShell would prompt for what the pipeline has shifted away.
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        var given = MyInvocation.BoundParameters;
        if (given.ContainsKey(nameof(Module)) && given.ContainsKey(nameof(Address)))
            return;
        ThrowTerminatingError(ErrorRecords.Create(new ServiceCtlException(
            ErrorCode.InvalidArgument, null,
            given.ContainsKey(nameof(Module)) ? $"It was not said where {Module} is." : "It was not said which module, and where it is.",
            "Give both, as in 'Set-PyServiceModuleAddress web billing 10.0.0.7:8080'; -Address @() says that it is nowhere.")));
    }

    private protected override bool IsConfirmed(PyService service) =>
        ShouldProcess(TargetOf(service),
            Address.Length == 0 ? $"Tell it that {Module} is nowhere" : $"Tell it that {Module} is at {string.Join(", ", Address)}");

    private protected override async Task ActAsync(EngineCall call, IReadOnlyList<PyService> services)
    {
        foreach (var service in services)
        {
            await call.TryOnAsync(service.Name, async () =>
            {
                var address = await call.Client.Modules.SetAddressAsync(service.Name, Module, Address, call.Cancellation);
                if (PassThru)
                    call.WriteObject(address);
            });
        }
    }
}
