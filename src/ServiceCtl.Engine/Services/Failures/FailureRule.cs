namespace ServiceCtl.Engine.Services.Failures;

/// <summary>One rule of <c>service.on_failure</c>.</summary>
public sealed record FailureRule
{
    public string? Name { get; init; }

    public FailureMatch Match { get; init; } = new();

    public FailureAction Action { get; init; }

    /// <summary>A code of the user's own, for whoever reads the journal or the answer.</summary>
    public string? Code { get; init; }

    /// <summary>What the journal and the status say beside the usual words, with the placeholders of <see cref="FailureText"/>.</summary>
    public string? Text { get; init; }

    /// <summary>Null: as <c>service.restart</c> says.</summary>
    public FailureRetry? Retry { get; init; }

    /// <summary>Null: as <c>service.respond</c> says.</summary>
    public FailureAnswer? Respond { get; init; }

    /// <summary>Where it is written: <c>file:line:column</c>.</summary>
    public string Place { get; init; } = "";

    /// <summary>By which others know it: its name, or its number among the rules.</summary>
    /// <param name="index">From 0.</param>
    public string LabelAt(int index) => Name ?? FormattableString.Invariant($"#{index + 1}");
}
