namespace ServiceCtl.Engine.Processes;

/// <summary>A connection that a server has accepted, as the kernel sees it: what was sent and received, not what it meant.</summary>
/// <param name="Id">Tells it from all others, of this boot.</param>
/// <param name="IsOwed">Does its client wait for something, or was it about to ask for the first time?</param>
/// <param name="WasAnswered">Has the server ever sent something?</param>
/// <param name="QuietFor">How long neither has sent anything.</param>
public readonly record struct ClientConnection(ulong Id, bool IsOwed, bool WasAnswered, TimeSpan QuietFor);
