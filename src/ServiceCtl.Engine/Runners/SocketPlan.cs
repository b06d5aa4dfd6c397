using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Runners;

/// <summary>Who opens a service's listening socket, and where.</summary>
/// <param name="Address">Null for a service that listens nowhere, or where nobody knows.</param>
/// <param name="IsHeld">
/// The agent opens it and passes it on, so that two generations can overlap. False where the program must bind it itself:
/// then its generations run one after the other.
/// </param>
/// <param name="Backlog">How many connections may wait to be accepted; the kernel caps it at net.core.somaxconn.</param>
/// <param name="Mode">Permissions of a Unix socket; null for what the umask leaves.</param>
public sealed record SocketPlan(ListenAddress? Address, bool IsHeld, int Backlog = SocketPlan.DefaultBacklog, UnixFileMode? Mode = null)
{
    /// <summary>uWSGI's own 100 is what a short stall of two workers fills; 4096 is the kernel's cap since Linux 5.4.</summary>
    public const int DefaultBacklog = 1024;

    public static SocketPlan None { get; } = new(null, IsHeld: false);
}
