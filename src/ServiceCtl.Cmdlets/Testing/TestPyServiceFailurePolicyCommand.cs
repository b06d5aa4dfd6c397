using System.Management.Automation;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

/// <summary>Decides about a failure that has not happened, and does nothing.</summary>
[Cmdlet(VerbsDiagnostic.Test, Noun + "FailurePolicy", DefaultParameterSetName = NameSet)]
[OutputType(typeof(PyServiceFailureDecision))]
public sealed class TestPyServiceFailurePolicyCommand : ServiceListCommand
{
    /// <summary>It ended with this exit code.</summary>
    [Parameter]
    [ValidateRange(0, 255)]
    public int? ExitCode { get; set; }

    /// <summary>This signal ended it: a name, with or without SIG, or a number.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Signal { get; set; }

    /// <summary>It is running, but does not answer its health probe.</summary>
    [Parameter]
    public SwitchParameter Unhealthy { get; set; }

    /// <summary>The kernel killed it because memory ran out.</summary>
    [Parameter]
    public SwitchParameter OutOfMemory { get; set; }

    /// <summary>
    /// It died of an exception of this type; without -ExitCode, -Signal or -OutOfMemory, it logged one and is still running.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ExceptionType { get; set; }

    /// <summary>The exception was raised in this module; with -ExceptionType.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ExceptionModule { get; set; }

    /// <summary>It printed this line; with -ExitCode, -Signal or -OutOfMemory, among its last.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? LogLine { get; set; }

    /// <summary>This service, which it requires, has failed.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Dependency { get; set; }

    /// <summary>It was not ready yet.</summary>
    [Parameter]
    public SwitchParameter Starting { get; set; }

    private protected override async Task WriteAsync(EngineCall at, IReadOnlyList<string> names)
    {
        var question = new FailureQuestion
        {
            ExitCode = ExitCode,
            Signal = Signal,
            Unhealthy = Unhealthy,
            WhileStarting = Starting,
            OutOfMemory = OutOfMemory,
            ExceptionType = ExceptionType,
            ExceptionModule = ExceptionModule,
            LogLine = LogLine,
            Dependency = Dependency,
        };
        foreach (var decision in await at.Client.Failures.TestAsync(
            names, question, error => at.WriteError(error, error.Target), at.Cancellation))
            at.WriteObject(decision);
    }
}
