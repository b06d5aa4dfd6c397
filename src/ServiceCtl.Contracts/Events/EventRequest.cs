namespace ServiceCtl.Contracts;

/// <summary>Which of the events that are kept.</summary>
public sealed record EventRequest
{
    /// <summary>
    /// Names, or patterns with <c>*</c> and <c>?</c>, of known services; empty for all events, also of services that are no longer known.
    /// </summary>
    public required IReadOnlyList<string> Services { get; init; }

    /// <summary>Empty for all.</summary>
    public IReadOnlyList<ServiceEventKind> Kinds { get => field ?? []; init; }

    /// <summary>Only those that are at least so bad; null for all.</summary>
    public ServiceEventLevel? Level { get; init; }

    /// <summary>Only those that tell of a failure and what was decided about it.</summary>
    public bool OnlyFailures { get; init; }

    /// <summary>The last events only, of those that the rest of the request leaves; null for all.</summary>
    public int? Tail { get; init; }

    public DateTimeOffset? Since { get; init; }

    /// <summary>Up to this time; not with <see cref="Follow"/>.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Goes on with what happens, also when the agent is replaced, until cancelled.</summary>
    public bool Follow { get; init; }
}
