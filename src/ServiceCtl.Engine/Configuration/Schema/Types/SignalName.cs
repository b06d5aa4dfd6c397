namespace ServiceCtl.Engine.Configuration.Schema.Types;

/// <summary>A Unix signal.</summary>
/// <param name="Name">Without SIG: <c>TERM</c>.</param>
/// <param name="Number">On Linux for x86 and ARM.</param>
public readonly record struct SignalName(string Name, int Number)
{
    /// <summary>Those that end or reload a program; the names of signal(7).</summary>
    public static IReadOnlyList<SignalName> All { get; } =
    [
        new("HUP", 1), new("INT", 2), new("QUIT", 3), new("ABRT", 6), new("KILL", 9), new("USR1", 10), new("USR2", 12), new("ALRM", 14),
        new("TERM", 15), new("CONT", 18), new("STOP", 19), new("TSTP", 20), new("WINCH", 28),
    ];

    public override string ToString() => $"SIG{Name}";
}
