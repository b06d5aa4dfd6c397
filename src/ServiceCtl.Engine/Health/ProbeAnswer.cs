namespace ServiceCtl.Engine.Health;

/// <summary>What a probe got: whether that is good, and the answer in words (<c>GET http://127.0.0.1:8001/ping answered 404</c>).</summary>
/// <param name="Good">Is the service well?</param>
/// <param name="Words">Question and answer.</param>
/// <param name="Status">The HTTP status; null when there was no answer.</param>
public sealed record ProbeAnswer(bool Good, string Words, int? Status = null);
