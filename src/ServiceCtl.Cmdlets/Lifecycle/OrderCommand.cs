using System.Management.Automation;
using ServiceCtl.Cmdlets.Binding;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

/// <summary>Start, stop, restart: one order to several services, which the agent carries out side by side.</summary>
public abstract class OrderCommand : ServiceTargetCommand
{
    private protected OrderCommand()
    {
    }

    /// <summary>Longest wait for each service, in seconds, 0.1 to 86400; what its configuration says when not given.</summary>
    [Parameter]
    [ValidateRange(0.1, 86400)]
    public double? TimeoutSec { get; set; }

    /// <summary>Register the services in Consul, or take them out, whatever their configuration says.</summary>
    [Parameter]
    [OnOff]
    [ValidateSet(OnOffAttribute.On, OnOffAttribute.Off)]
    public string? Consul { get; set; }

    /// <summary>Return when the order has been taken.</summary>
    [Parameter]
    public SwitchParameter NoWait { get; set; }

    /// <summary>Write the services as they are afterwards.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected abstract ServiceAction Action { get; }

    /// <summary>What -WhatIf and -Confirm say is done.</summary>
    private protected abstract string Intention { get; }

    /// <summary>What the progress says is being done.</summary>
    private protected abstract string Activity { get; }

    private protected sealed override bool IsConfirmed(PyService service) => ShouldProcess(TargetOf(service), Intention);

    private protected sealed override async Task ActAsync(EngineCall call, IReadOnlyList<PyService> services)
    {
        await using var progress = new WorkProgress(call, Activity, services.Count);
        var order = new OperationRequest
        {
            Action = Action,
            Services = [.. services.Select(service => service.Name)],
            TimeoutSeconds = TimeoutSec,
            NoWait = NoWait,
            Consul = OnOffAttribute.Read(Consul),
        };

        var failed = new List<OperationResult>();
        await foreach (var result in call.Client.Services.OperateAsync(order, progress, call.Cancellation))
        {
            if (result.Because is null)
                progress.CountDone();
            if (result.Outcome == OperationOutcome.Failed)
                failed.Add(result);
            else
                Write(call, result);
        }

        // Last of all: with -ErrorAction Stop the first error ends the command, which would withdraw the orders still being carried out.
        foreach (var result in failed)
            WriteFailure(call, result);
    }

    private void Write(EngineCall call, OperationResult result)
    {
        WriteWarnings(call, result);
        call.WriteVerbose(result.Message);
        if (PassThru && result.Because is null && result.After is { } service)
            call.WriteObject(service);
    }

    private static void WriteFailure(EngineCall call, OperationResult result)
    {
        WriteWarnings(call, result);
        call.WriteError(result.Error ?? new ErrorReport { Code = ErrorCode.Internal, Message = result.Message }, result.Service);
    }

    private static void WriteWarnings(EngineCall call, OperationResult result)
    {
        foreach (var warning in result.Warnings)
            call.WriteWarning($"{result.Service}: {warning}");
    }
}
