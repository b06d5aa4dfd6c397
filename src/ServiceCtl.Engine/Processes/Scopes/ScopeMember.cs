namespace ServiceCtl.Engine.Processes.Scopes;

/// <summary>A process that a generation left behind.</summary>
/// <param name="Pid">Its number.</param>
/// <param name="Name">The kernel's name of it.</param>
/// <param name="Reason">Why it still lives; null for one that was ended.</param>
public sealed record ScopeMember(int Pid, string Name, string? Reason = null)
{
    public override string ToString() => $"pid {Pid} ({Name}{(Reason is null ? "" : $", {Reason}")})";
}
