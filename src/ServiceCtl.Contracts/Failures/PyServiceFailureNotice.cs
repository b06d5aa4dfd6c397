namespace ServiceCtl.Contracts;

/// <summary>What a rule says to some of those who hear alerts.</summary>
public sealed record PyServiceFailureNotice
{
    /// <summary>For those who hear alerts of this level; null: for all levels.</summary>
    public AlertLevel? Level { get; init; }

    /// <summary>For those who hear alerts by this channel; null: for all channels.</summary>
    public AlertChannel? Channel { get; init; }

    public string? Code { get; init; }

    public string? Text { get; init; }

    public override string ToString() =>
        $"{Channel?.ToString() ?? Level?.ToString() ?? "all"}: {(Code is null ? "" : $"{Code}: ")}{Text}".TrimEnd(' ', ':');
}
