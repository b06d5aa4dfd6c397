namespace ServiceCtl.Engine.Processes;

/// <summary>A process that holds a listening socket.</summary>
/// <param name="Pid">0 when the socket is there but its process can't be seen: it belongs to another user, or to another container.</param>
/// <param name="Name">The kernel's name of the process.</param>
/// <param name="Uid">The user who made the socket; null when the kernel doesn't list it (Unix sockets).</param>
public sealed record SocketHolder(int Pid, string Name, int? Uid = null)
{
    public override string ToString() => Pid != 0 ? $"pid {Pid} ({Name})"
        : Uid is { } uid ? $"a process of uid {uid} that can't be seen from here"
        : "a process that can't be seen from here";
}
