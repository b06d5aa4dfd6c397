namespace ServiceCtl.Engine.Services.Failures;

/// <summary>A program that a rule has run, as the service's user and beside it; nothing waits for it.</summary>
public sealed record FailureHook
{
    /// <summary>Used where none is given: a hook that hangs must not keep the next one waiting for ever.</summary>
    public static readonly TimeSpan UsualTimeout = TimeSpan.FromSeconds(30);

    /// <summary>The program and its arguments. No shell looks at them.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>It is ended then, with all that it has started.</summary>
    public TimeSpan Timeout { get; init; } = UsualTimeout;
}
