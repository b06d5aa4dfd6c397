namespace ServiceCtl.Engine.Scheduling;

/// <summary>A program that is to be run beside a service.</summary>
internal sealed record ProgramOrder
{
    /// <summary>The program and its arguments.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>The key that asks for it.</summary>
    public required string Setting { get; init; }

    /// <summary>It is ended then; null: never.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>No other run of this service has it; from 1.</summary>
    public required int Slot { get; init; }

    /// <summary>The name of the pipe that it prints into.</summary>
    public required string Pipe { get; init; }

    /// <summary>The file that gets what it prints.</summary>
    public required string Log { get; init; }

    /// <summary>Beside those of the service.</summary>
    public required IReadOnlyDictionary<string, string> Variables { get; init; }

    /// <summary>What it can read from its standard input; null: nothing.</summary>
    public byte[]? Input { get; init; }
}
