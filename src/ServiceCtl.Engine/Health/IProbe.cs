namespace ServiceCtl.Engine.Health;

/// <summary>A question to a running service, asked within a time limit of its own. A bad answer is an answer; only cancellation throws.</summary>
public interface IProbe : IDisposable
{
    Task<ProbeAnswer> AskAsync(CancellationToken cancellation);
}
