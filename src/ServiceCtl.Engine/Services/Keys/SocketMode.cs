namespace ServiceCtl.Engine.Services.Keys;

/// <summary>Who opens the socket a service listens on.</summary>
public enum SocketMode
{
    /// <summary>The agent opens it and passes it on: restarts overlap, and no client is refused.</summary>
    Pass,

    /// <summary>The program binds it itself: its generations run one after the other.</summary>
    Own,
}
