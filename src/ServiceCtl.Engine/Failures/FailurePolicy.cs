using System.Collections.Immutable;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Schema.Types;
using ServiceCtl.Engine.Services.Failures;
using ServiceCtl.Engine.Services.Rules;

namespace ServiceCtl.Engine.Failures;

/// <summary>Decides by rules: facts in, decision out. Pure: knows no clock, no chance, and does nothing.</summary>
public static class FailurePolicy
{
    /// <param name="rules">In their order; the first that matches decides.</param>
    /// <param name="usual">What a rule's <c>retry</c> leaves open.</param>
    /// <param name="state">What the rules remember.</param>
    /// <param name="facts">The failure.</param>
    /// <param name="isAtRest">Which rules, by their index, do nothing for now when they match, and count no start.</param>
    /// <returns>What is to be done, and what they are to remember.</returns>
    public static (FailureDecision Decision, FailureState State) Decide(
        IReadOnlyList<FailureRule> rules, RestartRule usual, FailureState state, FailureFacts facts, Func<int, bool>? isAtRest = null)
    {
        for (var index = 0; index < rules.Count; index++)
        {
            if (!Matches(rules[index].Match, facts))
                continue;
            (var isReached, state) = Count(rules[index].Match.Rate, index, state, facts);
            if (isReached && isAtRest?.Invoke(index) == true)
                return (new FailureDecision(rules[index], index) { IsAtRest = true }, state);
            if (isReached)
                return Apply(rules[index], index, usual, state, facts);
        }

        return (FailureDecision.None, state);
    }

    /// <summary>The rule by which something else is done once another has given up: one of the same file.</summary>
    public static FailureDecision Named(IReadOnlyList<FailureRule> rules, string name, bool isOfHost)
    {
        var index = rules.TakeWhile(rule => rule.Name != name || rule.IsOfHost != isOfHost).Count();
        return index == rules.Count ? FailureDecision.None : new FailureDecision(rules[index], index);
    }

    /// <summary>Is the rule about this, whatever its rate?</summary>
    public static bool Matches(FailureMatch match, FailureFacts facts) =>
        match.Moment == facts.Moment
        && (facts.HasFailed || match.Exits.Count > 0)
        && (match.Exits.Count == 0 || (facts.Exit is { } exit && match.Exits.Contains(exit)))
        && (match.Signals.Count == 0 || (facts.Signal is { } signal && match.Signals.Contains(signal)))
        && (!match.IsUnhealthy || facts.IsUnhealthy)
        && (match.OutOfMemory is null || match.OutOfMemory == facts.OutOfMemory is not null)
        && MatchesNamed(match, facts, facts.Moment is FailureMoment.Failed);

    /// <summary>
    /// What a rule has to name to be about it: "each failure" is none of the lines that a service prints, no end that was ordered, and
    /// nothing that has happened to another service.
    /// </summary>
    private static bool MatchesNamed(FailureMatch match, FailureFacts facts, bool hasToBeNamed) =>
        (match.Phase is null ? !hasToBeNamed || facts.Phase is not FailurePhase.Stop : match.Phase == facts.Phase)
        && (match.NeedsExceptions
            ? facts.Exception is { } type && (match.Exceptions.Count == 0 || IsAnyOf(match.Exceptions, type))
                && (match.Modules.Count == 0 || facts.Modules.Any(module => IsAnyOf(match.Modules, module)))
            : !hasToBeNamed || facts.IsEnd || facts.Exception is null)
        && (match.Log is null
            ? !hasToBeNamed || facts.IsEnd || facts.Lines.Count == 0
            : match.IsAboutEnd == facts.IsEnd && facts.Lines.Any(match.Log.IsMatch))
        && (match.Dependencies.Count == 0
            ? !hasToBeNamed || facts.Dependency is null
            : facts.Dependency is { } other && IsAnyOf(match.Dependencies, other));

    private static bool IsAnyOf(IReadOnlyList<string> patterns, string name) =>
        patterns.Any(pattern => Wildcard.IsMatch(pattern, name));

    private static (bool IsReached, FailureState State) Count(Rate? rate, int index, FailureState state, FailureFacts facts)
    {
        if (rate is not { } wanted)
            return (true, state);
        var hits = Within(state.Hits, index, wanted.Window, facts.At)
            .AddRange(Enumerable.Repeat(facts.At, Math.Min(facts.Count, wanted.Count)));
        return hits.Length >= wanted.Count
            ? (true, state with { Hits = state.Hits.Remove(index) })
            : (false, state with { Hits = state.Hits.SetItem(index, hits) });
    }

    private static (FailureDecision Decision, FailureState State) Apply(
        FailureRule rule, int index, RestartRule usual, FailureState state, FailureFacts facts)
    {
        var decision = new FailureDecision(rule, index);
        if (rule.Action is not (FailureAction.Restart or FailureAction.HotRestart or FailureAction.ReplaceInstance or FailureAction.Start))
            return (decision, state);

        var limit = rule.Retry?.GiveUp ?? new Rate(usual.GiveUpAfter, usual.GiveUpWindow);
        var starts = Within(state.Starts, index, limit.Window, facts.At).Add(facts.At);
        state = state with { Starts = state.Starts.SetItem(index, starts) };
        // A jump starts nothing of its own that could end again: the first one is never one too many.
        if (starts.Length >= (rule.Action is FailureAction.Start ? Math.Max(2, limit.Count) : limit.Count))
            return (decision with { GaveUpAfter = starts.Length, Attempt = starts.Length }, state);

        if (rule.Action is FailureAction.Start)
            return (decision with { Attempt = starts.Length }, state);
        var longest = rule.Retry?.MaxDelay ?? usual.MaxDelay;
        var inARow = facts.UpFor > longest ? 0 : state.InARow.GetValueOrDefault(index);
        // What serves all the while has nobody waiting for an end of it.
        var delay = rule.Retry?.Delay ?? (rule.Action is FailureAction.Restart || facts.IsEnd ? usual.Delay : TimeSpan.Zero);
        var seconds = delay.TotalSeconds * Math.Pow(rule.Retry?.Factor ?? usual.Factor, inARow);
        seconds *= 1 + ((rule.Retry?.JitterPercent ?? 0) / 100 * ((2 * facts.Chance) - 1));
        return (
            decision with
            {
                Wait = seconds < longest.TotalSeconds ? TimeSpan.FromSeconds(Math.Max(0, seconds)) : longest,
                Attempt = inARow + 1,
            },
            state with { InARow = state.InARow.SetItem(index, inARow + 1) });
    }

    private static ImmutableArray<TimeSpan> Within(
        ImmutableDictionary<int, ImmutableArray<TimeSpan>> times, int index, TimeSpan window, TimeSpan at) =>
        times.TryGetValue(index, out var known) ? [.. known.Where(time => at - time <= window)] : [];
}
