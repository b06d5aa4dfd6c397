using System.Management.Automation;
using System.Text;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets.Pipeline;

/// <summary>The engine's errors as PowerShell's: the code is the id, the advice the recommended action.</summary>
internal static class ErrorRecords
{
    public static ErrorRecord Create(Exception error) => error switch
    {
        ServiceCtlException known => Create(known, known.Target),
        IContainsErrorRecord { ErrorRecord: { } record } => record,
        _ => Create(
            new ServiceCtlException(
                ErrorCode.Internal, target: null, $"{error.GetType().Name}: {error.Message}",
                "This is a fault of ServiceCtl. Please report it, with what Get-Error shows.", error),
            target: null),
    };

    public static ErrorRecord Create(ErrorReport report, object? target) =>
        Create(new ServiceCtlException(report), target ?? report.Target);

    public static ErrorCategory CategoryOf(ErrorCode code) => code switch
    {
        ErrorCode.Internal or ErrorCode.TestFailed or ErrorCode.CanaryFailed or ErrorCode.HookFailed
            or ErrorCode.PackageFailed or ErrorCode.ImageFailed => ErrorCategory.InvalidResult,
        ErrorCode.InvalidArgument => ErrorCategory.InvalidArgument,
        ErrorCode.ServiceNotFound or ErrorCode.ConfigNotFound or ErrorCode.ReleaseNotFound => ErrorCategory.ObjectNotFound,
        ErrorCode.ServiceExists or ErrorCode.FileExists => ErrorCategory.ResourceExists,
        ErrorCode.ConfigInvalid or ErrorCode.ImportFailed => ErrorCategory.InvalidData,
        ErrorCode.InvalidState or ErrorCode.RunsOutsideAgent => ErrorCategory.InvalidOperation,
        ErrorCode.RunnerMissing or ErrorCode.EnvironmentMissing or ErrorCode.EnvironmentFailed => ErrorCategory.NotInstalled,
        ErrorCode.AddressInUse or ErrorCode.AgentBusy or ErrorCode.StageLocked => ErrorCategory.ResourceBusy,
        ErrorCode.ExitedEarly or ErrorCode.Cancelled => ErrorCategory.OperationStopped,
        ErrorCode.NotReady or ErrorCode.StopTimedOut or ErrorCode.TimedOut => ErrorCategory.OperationTimeout,
        ErrorCode.AgentUnreachable or ErrorCode.HostUnreachable => ErrorCategory.ConnectionError,
        ErrorCode.PlatformNotSupported => ErrorCategory.NotImplemented,
        ErrorCode.HostUntrusted => ErrorCategory.SecurityError,
        ErrorCode.AccessDenied => ErrorCategory.PermissionDenied,
        ErrorCode.CredentialRequired or ErrorCode.AuthenticationFailed => ErrorCategory.AuthenticationError,
        ErrorCode.System or ErrorCode.RequirementFailed => ErrorCategory.ResourceUnavailable,
        // An agent of a later version may know more codes.
        _ => ErrorCategory.InvalidResult,
    };

    private static ErrorRecord Create(ServiceCtlException error, object? target) =>
        new(error, error.Code.ToString(), CategoryOf(error.Code), target)
        {
            ErrorDetails = new ErrorDetails(Visible(Describe(error.Report))) { RecommendedAction = Visible(error.Advice ?? "") },
        };

    private static string Visible(string text) => VisibleText.Of(CmdletWording.Of(text));

    /// <summary>The message, then each fault of the configuration with its place, then the lines of the log that belong to it.</summary>
    private static string Describe(ErrorReport report)
    {
        var text = new StringBuilder(report.HostName is null ? "" : $"{report.HostName}: ").Append(report.Message);
        foreach (var problem in report.ListProblems())
            text.Append("\n  ").Append(problem);
        foreach (var line in report.LogLines)
            text.Append("\n  | ").Append(line);
        return text.ToString();
    }
}
