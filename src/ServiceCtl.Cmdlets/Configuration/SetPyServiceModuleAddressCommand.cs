using System.Management.Automation;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[Cmdlet(VerbsCommon.Set, "PyServiceModuleAddress", DefaultParameterSetName = InputObjectSet, SupportsShouldProcess = true)]
[OutputType(typeof(PyServiceModuleAddress))]
public sealed class SetPyServiceModuleAddressCommand : ServiceTargetCommand
{
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Module { get; set; } = "";

    /// <summary>As host:port; an empty list says that it is nowhere.</summary>
    [Parameter(Mandatory = true, Position = 2)]
    [AllowEmptyCollection]
    public string[] Address { get; set; } = [];

    /// <summary>Write the module as the service knows it.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override bool IsConfirmed(PyService service) =>
        ShouldProcess(service.Name, Address.Length == 0 ? $"Tell it that {Module} is nowhere" : $"Tell it that {Module} is at {string.Join(", ", Address)}");

    private protected override async Task ActAsync(EngineCall call, IReadOnlyList<PyService> services)
    {
        foreach (var service in services)
        {
            try
            {
                var address = await call.Client.Modules.SetAddressAsync(service.Name, Module, Address, call.Cancellation);
                if (PassThru)
                    call.WriteObject(address);
            }
            catch (ServiceCtlException refusal) when (refusal.Code is not ErrorCode.AgentUnreachable)
            {
                call.WriteError(refusal.Report, service.Name);
            }
        }
    }
}
