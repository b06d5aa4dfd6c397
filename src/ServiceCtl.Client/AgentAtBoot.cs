namespace ServiceCtl.Client;

/// <summary>Whether this user's agent is started at boot, after it was asked for.</summary>
/// <param name="Unit">The unit or script that starts it; null for none.</param>
/// <param name="IsNew">Was it put there or enabled just now?</param>
/// <param name="Problem">What still keeps the agent from being started, and what to do about it; null for nothing.</param>
public sealed record AgentAtBoot(string? Unit, bool IsNew, string? Problem);
