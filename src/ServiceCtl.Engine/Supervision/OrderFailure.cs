using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Supervision;

/// <summary>What is answered to an order that could not be carried out.</summary>
internal static class OrderFailure
{
    public static OperationResult Of(ServiceRecord record, ServiceAction action, TimeSpan duration, ErrorReport report) => new()
    {
        Service = record.Name,
        Action = action,
        Outcome = OperationOutcome.Failed,
        Message = report.Message,
        Duration = duration,
        After = record.ToPyService(),
        Error = report,
    };

    public static ErrorReport ReportOf(ServiceRecord record, ServiceAction action, Exception error) => error switch
    {
        ServiceCtlException known => known.Report,
        OperationCanceledException => new ErrorReport
        {
            Code = ErrorCode.Cancelled,
            Target = record.Name,
            Message = $"The order to {action} {record.Name} was withdrawn; it is {record.State}.",
        },
        IOException or UnauthorizedAccessException => new ErrorReport
        {
            Code = ErrorCode.System,
            Target = record.Name,
            Message = $"{action} of {record.Name} failed: {error.Message}",
            Advice =
                "The disk may be full or read-only, or a folder may belong to somebody else; 'df -h' and 'ls -ld' on what the message "
                    + "names tell.",
        },
        _ => new ErrorReport
        {
            Code = ErrorCode.Internal,
            Target = record.Name,
            Message = $"{action} of {record.Name} failed unexpectedly: {error.Message}",
            Advice = "Please report it with the agent's log.",
        },
    };
}
