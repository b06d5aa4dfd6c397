using System.Text.Json.Serialization;

namespace ServiceCtl.Contracts;

/// <summary>A failure of a service, that it was given up, or that it has come back: what was known, and what was decided.</summary>
public sealed record PyServiceFailure
{
    public required DateTimeOffset Time { get; init; }

    public required string Service { get; init; }

    public required PyServiceFailureEvent Event { get; init; }

    /// <summary>Whose rules decided, or were asked last.</summary>
    public PyServiceFailureLayer Layer { get; init; }

    /// <summary>What happened, in words: <c>exit code 78 (EX_CONFIG: its configuration is wrong)</c>.</summary>
    public required string Cause { get; init; }

    public int? ExitCode { get; init; }

    /// <summary>The name of the signal that ended it: <c>SIGKILL</c>.</summary>
    public string? Signal { get; init; }

    /// <summary>The rule that decided, by its name or number (<c>#2</c>); null where <c>service.restart</c> did.</summary>
    public string? Rule { get; init; }

    /// <summary>Where that rule is written: <c>file:line:column</c>.</summary>
    public string? Place { get; init; }

    /// <summary>What was decided: <c>restart</c>, <c>stop</c>, <c>finish</c>, <c>record</c>; <c>give up</c>, and <c>none</c>.</summary>
    public required string Action { get; init; }

    /// <summary>The rule's own code.</summary>
    public string? Code { get; init; }

    /// <summary>The rule's own text.</summary>
    public string? Text { get; init; }

    /// <summary>Who is to hear of it by the rule: <c>info</c> or <c>critical</c>; null: nobody in particular.</summary>
    public string? Notify { get; init; }

    /// <summary>What the rule says to some of those who hear alerts, where that is something else.</summary>
    public IReadOnlyList<PyServiceFailureNotice> Notices { get => field ?? []; init; }

    /// <summary>Which start in a row follows, or would have; 0 where none does.</summary>
    public int Attempt { get; init; }

    /// <summary>When it is started again; null where it is not.</summary>
    public DateTimeOffset? NextAt { get; init; }

    /// <summary>Are its clients answered by the agent until then?</summary>
    public bool Answered { get; init; }

    /// <summary>The host that it is on, as it was asked for; null for this one.</summary>
    public string? HostName { get; init; }

    [JsonIgnore]
    public string Decision => Rule is null ? $"service.restart: {Action}" : $"{Rule}: {Action}";

    public override string ToString() => $"{Time:yyyy-MM-dd HH:mm:ss} {Service} {Event}: {Cause}; {Decision}";
}
