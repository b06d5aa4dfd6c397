namespace ServiceCtl.Contracts;

/// <summary>Every failure that a user can meet. Both faces turn it into their own form; nothing else is thrown on purpose.</summary>
public sealed class ServiceCtlException : Exception
{
    public ServiceCtlException(ErrorCode code, string? target, string message, string? advice = null, Exception? inner = null)
        : this(new ErrorReport { Code = code, Target = target, Message = message, Advice = advice }, inner)
    {
    }

    public ServiceCtlException(ErrorReport report, Exception? inner = null)
        : base(report.Message, inner)
    {
        Report = report;
    }

    public ErrorReport Report { get; }

    public ErrorCode Code => Report.Code;

    public string? Target => Report.Target;

    public string? Advice => Report.Advice;
}
