using System.Management.Automation;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

/// <summary>Decides about a failure that has not happened, and does nothing.</summary>
[Cmdlet(VerbsDiagnostic.Test, Noun + "FailurePolicy", DefaultParameterSetName = NameSet)]
[OutputType(typeof(PyServiceFailureDecision))]
public sealed class TestPyServiceFailurePolicyCommand : ServiceQueryCommand
{
    /// <summary>It ended with this exit code.</summary>
    [Parameter]
    [ValidateRange(0, 255)]
    public int? ExitCode { get; set; }

    /// <summary>This signal ended it: a name, with or without SIG, or a number.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Signal { get; set; }

    /// <summary>It lives, and does not answer its health probe.</summary>
    [Parameter]
    public SwitchParameter Unhealthy { get; set; }

    /// <summary>The kernel killed it for want of memory.</summary>
    [Parameter]
    public SwitchParameter OutOfMemory { get; set; }

    /// <summary>It died of an exception of this type; without an end, it has one in its log.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ExceptionType { get; set; }

    /// <summary>It printed this line; with an end, as one of its last.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? LogLine { get; set; }

    /// <summary>This service has failed, which it requires.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Dependency { get; set; }

    /// <summary>It was not ready yet.</summary>
    [Parameter]
    public SwitchParameter Starting { get; set; }

    protected override void ProcessRecord()
    {
        var choices = TakeNames();
        var question = new FailureQuestion
        {
            ExitCode = ExitCode,
            Signal = Signal,
            Unhealthy = Unhealthy,
            WhileStarting = Starting,
            OutOfMemory = OutOfMemory,
            ExceptionType = ExceptionType,
            LogLine = LogLine,
            Dependency = Dependency,
        };
        Run(call => OnEachAsync(call, choices, async (at, _, given) =>
        {
            var names = await SelectNamesAsync(at, given);
            if (names.Count == 0)
                return;
            foreach (var decision in await at.Client.Failures.TestAsync(
                names, question, error => at.WriteError(error, error.Target), at.Cancellation))
                at.WriteObject(decision);
        }));
    }
}
