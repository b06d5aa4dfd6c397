using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Services.Failures;

/// <summary>What a host says about the failures of all its services: <c>on_failure.yaml</c>.</summary>
public sealed record HostRules
{
    public static HostRules None { get; } = new();

    /// <summary>In their order; they come after those of a service.</summary>
    public IReadOnlyList<FailureRule> Rules { get; init; } = [];

    /// <summary>How many services may be started again at the same time; null: as usual.</summary>
    public AtOnce? AtOnce { get; init; }

    /// <summary>What is wrong with the file; <see cref="Rules"/> are those of the last one that was right.</summary>
    public IReadOnlyList<ConfigurationProblem> Problems { get; init; } = [];

    /// <summary>What its readers should know; null where the file is right.</summary>
    public string? Problem => Problems is [var first, ..]
        ? $"The host's rules for failures are wrong, so the last ones that were right count: {first}" : null;

    /// <summary>The file as it was read; null where there is none, or it can't be read.</summary>
    internal string? Text { get; init; }

    /// <summary>All rules that decide about a service, in their order.</summary>
    public IReadOnlyList<FailureRule> Behind(IReadOnlyList<FailureRule> own) => Rules.Count == 0 ? own : [.. own, .. Rules];
}
