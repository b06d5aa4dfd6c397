namespace ServiceCtl.Engine.Remote;

/// <summary>
/// Which pushed configuration a service should run with, and which it does run with. Immutable; every method answers with the next state,
/// and knows no file, no process and no clock. A restart is due as long as the two differ.
/// </summary>
internal sealed record RemoteState
{
    /// <summary>The one that is to count: what is on disk. Null: none was pushed yet.</summary>
    public RemoteConfig? Wanted { get; private init; }

    /// <summary>The one that the service came up with last; null when it has not come up since it was tried with another.</summary>
    public RemoteConfig? Running { get; private init; }

    /// <summary>The last one with which the service became ready.</summary>
    public RemoteConfig? Proven { get; private init; }

    /// <summary>Is <see cref="Wanted"/> to stay though the service does not become ready with it?</summary>
    public bool IsKept { get; private init; }

    /// <summary>
    /// The service did not come up with <see cref="Wanted"/>, and there is nothing else: no start is due for it any more.
    /// </summary>
    public bool IsGivenUp { get; private init; }

    public bool IsDue => Wanted is not null && !IsGivenUp && !Wanted.IsSameAs(Running);

    /// <summary>As an agent finds it: what runs, or ran last, is what was proven.</summary>
    public static RemoteState Of(RemoteConfig? onDisk, RemoteConfig? proven) =>
        new() { Wanted = onDisk, Proven = proven, Running = proven };

    /// <summary>
    /// A right configuration was pushed. One that says the same changes nothing; one that needs no restart counts from now on.
    /// </summary>
    public RemoteState Accept(RemoteConfig pushed, bool isKept)
    {
        if (pushed.IsSameAs(Wanted))
            return this;
        var counts = Wanted is not null && Wanted.IsSameAs(Running) && !pushed.NeedsRestartAfter(Wanted);
        return this with
        {
            Wanted = pushed,
            IsKept = isKept,
            IsGivenUp = false,
            Running = counts ? pushed : Running,
            Proven = counts && Wanted!.IsSameAs(Proven) ? pushed : Proven
        };
    }

    /// <summary>The service became ready with a configuration.</summary>
    public RemoteState Launched(RemoteConfig with) => this with { Running = with, Proven = with, IsGivenUp = false };

    /// <summary>
    /// It did not become ready. Where nothing newer was pushed meanwhile, the last proven one is wanted again, unless the one that failed
    /// is to be kept.
    /// </summary>
    /// <param name="with">What it was launched with.</param>
    /// <param name="formerServes">The generation before goes on serving, so that what ran still runs.</param>
    /// <param name="isItsFault">Could another configuration mend it?</param>
    public RemoteState Failed(RemoteConfig with, bool formerServes, bool isItsFault = true)
    {
        var next = formerServes ? this : this with { Running = null };
        if (!Wanted!.IsSameAs(with))
            return next;
        return IsKept || !isItsFault || Proven is null || Proven.IsSameAs(with)
            ? next with { IsGivenUp = true } : next with { Wanted = Proven };
    }
}
