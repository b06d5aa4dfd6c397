using System.Text.Json.Serialization;

namespace ServiceCtl.Engine.Services.Failures;

/// <summary>One rule of <c>service.on_failure</c>, or of the host.</summary>
public sealed record FailureRule
{
    public string? Name { get; init; }

    public FailureMatch Match { get; init; } = new();

    public FailureAction Action { get; init; }

    /// <summary>The service that is started; for <see cref="FailureAction.Start"/> alone.</summary>
    public string? Target { get; init; }

    /// <summary>A code of the user's own, for whoever reads the journal or the answer.</summary>
    public string? Code { get; init; }

    /// <summary>What is said beside the usual words, with the placeholders of <see cref="FailureText"/>.</summary>
    public string? Text { get; init; }

    /// <summary>Null: as <c>service.restart</c> says.</summary>
    public FailureRetry? Retry { get; init; }

    /// <summary>Null: as <c>service.respond</c> says.</summary>
    public FailureAnswer? Respond { get; init; }

    /// <summary>A program that is run; null: none.</summary>
    public FailureHook? Run { get; init; }

    /// <summary>Who is to hear of it; null: whoever hears of such events anyway.</summary>
    public FailureNotify? Notify { get; init; }

    /// <summary>Null: it is written into the journal, as any event.</summary>
    public FailureRecord? Record { get; init; }

    /// <summary>Do the services that require this one hear of it as well?</summary>
    public bool PassesUp { get; init; }

    /// <summary>Does it order something of a service that serves all the while?</summary>
    public bool IsOrder => Action is FailureAction.HotRestart or FailureAction.ReplaceInstance;

    /// <summary>What it does, as it is written.</summary>
    public string Verb => Action switch
    {
        FailureAction.HotRestart => "hot_restart",
        FailureAction.ReplaceInstance => "replace_instance",
        FailureAction.Start => $"start {Target}",
        _ => Action.ToString().ToLowerInvariant(),
    };

    /// <summary>What it says about a layer inside the process; such a rule is never one of the agent's. Null for any other.</summary>
    [JsonIgnore]
    public LayerRule? Inside { get; init; }

    /// <summary>Is it the host's, for all its services?</summary>
    public bool IsOfHost { get; init; }

    /// <summary>Where it is written: <c>file:line:column</c>.</summary>
    public string Place { get; init; } = "";

    /// <summary>By which others know it: its name, or its number among the rules.</summary>
    /// <param name="index">From 0.</param>
    public string LabelAt(int index) => Name ?? FormattableString.Invariant($"#{index + 1}");
}
