namespace ServiceCtl.Engine.Health;

/// <summary>What a probe got: whether that is good, and the answer in words (<c>GET http://127.0.0.1:8001/ping answered 404</c>).</summary>
public sealed record ProbeAnswer(bool Good, string Words);
