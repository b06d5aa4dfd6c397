using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Runners;

/// <summary>Who opens a service's listening sockets, and where.</summary>
public sealed record SocketPlan
{
    /// <summary>uWSGI's own 100 is what a short stall of two workers fills; 4096 is the kernel's cap since Linux 5.4.</summary>
    public const int DefaultBacklog = 1024;

    public static SocketPlan None { get; } = new();

    /// <summary>
    /// All of them, in the order of the descriptors they are passed as; empty for a service that listens nowhere, or where nobody knows.
    /// </summary>
    public IReadOnlyList<ServedAddress> Addresses { get; init; } = [];

    /// <summary>
    /// The agent opens them and passes them on, so that two generations can overlap. False where the program must bind them itself:
    /// then its generations run one after the other.
    /// </summary>
    public bool IsHeld { get; init; }

    /// <summary>Why it must, as in <c>because …</c>; null where nothing more is known than that it does.</summary>
    public string? WhyOwn { get; init; }

    /// <summary>How many connections may wait to be accepted; the kernel caps it at net.core.somaxconn.</summary>
    public int Backlog { get; init; } = DefaultBacklog;

    /// <summary>Who may connect to its Unix sockets.</summary>
    public SocketFileAccess Access { get; init; } = new(SocketFileAccess.Usual);

    /// <summary>The one that stands for the service; null where there is none.</summary>
    public ListenAddress? Main => ServedAddress.MainOf(Addresses)?.Address;

    /// <summary>Sockets that a launch gets passed.</summary>
    public int Passed => IsHeld ? Addresses.Count : 0;
}
