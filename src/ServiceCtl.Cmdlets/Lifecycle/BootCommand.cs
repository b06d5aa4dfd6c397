using System.Management.Automation;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

/// <summary>Whether services are started at boot.</summary>
public abstract class BootCommand : ServiceTargetCommand
{
    private protected BootCommand()
    {
    }

    /// <summary>Write the services as they are afterwards.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected abstract BootStart Start { get; }

    /// <summary>What -WhatIf and -Confirm say is done.</summary>
    private protected abstract string Intention { get; }

    private protected sealed override bool IsConfirmed(PyService service) => ShouldProcess(TargetOf(service), Intention);

    private protected override async Task ActAsync(EngineCall call, IReadOnlyList<PyService> services)
    {
        foreach (var service in services)
        {
            try
            {
                var changed = await call.Client.Services.SetAtBootAsync(service.Name, Start, call.Cancellation);
                if (PassThru)
                    call.WriteObject(changed);
            }
            catch (ServiceCtlException error) when (error.Code is ErrorCode.ServiceNotFound)
            {
                call.WriteError(error.Report, service.Name);
            }
        }
    }
}
