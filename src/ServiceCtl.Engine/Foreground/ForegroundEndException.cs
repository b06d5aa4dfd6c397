namespace ServiceCtl.Engine.Foreground;

/// <summary>A generation has ended by a failure, after all that belongs to its end was done.</summary>
internal sealed class ForegroundEndException(ForegroundEnd end) : Exception(end.Problem.Message)
{
    public ForegroundEnd End { get; } = end;
}
