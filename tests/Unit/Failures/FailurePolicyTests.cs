using System.Text.RegularExpressions;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Schema.Types;
using ServiceCtl.Engine.Failures;
using ServiceCtl.Engine.Services.Failures;
using ServiceCtl.Engine.Services.Rules;

namespace ServiceCtl.Tests.Unit.Failures;

/// <summary>The decision, as a function: a model that keeps everything that ever happened has to agree with it.</summary>
public sealed class FailurePolicyTests
{
    private static readonly RestartRule Usual = new();

    [Fact]
    public void The_decision_is_that_of_a_model_which_forgets_nothing()
    {
        for (var seed = 0; seed < 2000; seed++)
        {
            var random = new Random(seed);
            FailureRule[] rules = [.. Enumerable.Range(0, random.Next(0, 5)).Select(_ => AnyRule(random))];
            var model = new Model(rules);
            var state = FailureState.Empty;
            var now = TimeSpan.Zero;
            for (var step = 0; step < 30; step++)
            {
                now += TimeSpan.FromSeconds(random.Next(0, 40));
                var facts = AnyFacts(random) with { At = now };
                (var decision, state) = FailurePolicy.Decide(rules, Usual, state, facts);
                var expected = model.Decide(facts);
                Assert.True((decision.Index, decision.Wait, decision.GaveUpAfter) == expected,
                    $"seed {seed}, step {step}: {(decision.Index, decision.Wait, decision.GaveUpAfter)} instead of {expected}");
            }
        }
    }

    [Fact]
    public void The_first_rule_that_matches_decides()
    {
        FailureRule[] rules = [Rule(FailureAction.Stop, new() { Exits = [2] }), Rule(FailureAction.Restart, new())];

        Assert.Equal(0, Decide(rules, new() { Exit = 2 }).Index);
        Assert.Equal(1, Decide(rules, new() { Exit = 1 }).Index);
    }

    [Fact]
    public void A_good_end_is_a_failure_for_a_rule_that_names_its_code_only()
    {
        FailureRule[] rules = [Rule(FailureAction.Stop, new()), Rule(FailureAction.Finish, new() { Exits = [0] })];

        Assert.Equal(1, Decide(rules, new() { Exit = 0, HasFailed = false }).Index);
    }

    /// <summary>pm2#4361: its longest wait could not be configured.</summary>
    [Fact]
    public void Pm2_4361_the_longest_wait_is_configured_and_jitter_does_not_exceed_it()
    {
        FailureRule[] rules =
        [
            Rule(FailureAction.Restart, new()) with
            {
                Retry = new()
                {
                    Delay = TimeSpan.FromSeconds(10), Factor = 10, MaxDelay = TimeSpan.FromSeconds(60), JitterPercent = 50,
                    GiveUp = new Rate(100, TimeSpan.FromHours(1)),
                },
            },
        ];
        var state = FailureState.Empty;
        var waits = new List<double>();
        foreach (var chance in new[] { 0.0, 1.0, 1.0 })
        {
            (var decision, state) = FailurePolicy.Decide(rules, Usual, state, new() { Exit = 1, Chance = chance });
            waits.Add(decision.Wait!.Value.TotalSeconds);
        }

        Assert.Equal([5, 60, 60], waits);
    }

    /// <summary>systemd#10529: waits were never reset by a long run.</summary>
    [Fact]
    public void Systemd10529_whoever_lasted_longer_than_the_longest_wait_begins_the_waits_again()
    {
        FailureRule[] rules = [Rule(FailureAction.Restart, new()) with { Retry = new() { GiveUp = new Rate(9, TimeSpan.FromHours(1)) } }];
        var state = FailureState.Empty;
        (_, state) = FailurePolicy.Decide(rules, Usual, state, new() { Exit = 1 });
        (var second, state) = FailurePolicy.Decide(rules, Usual, state, new() { Exit = 1 });
        (var third, _) = FailurePolicy.Decide(rules, Usual, state, new() { Exit = 1, UpFor = TimeSpan.FromHours(1) });

        Assert.Equal((2, 1), (second.Attempt, third.Attempt));
    }

    /// <summary>supervisor#1285: a service that can't run was started for ever.</summary>
    [Fact]
    public void Supervisor1285_a_rule_that_sets_no_limit_gives_up_as_service_restart_does()
    {
        FailureRule[] rules = [Rule(FailureAction.Restart, new())];
        var state = FailureState.Empty;
        var given = 0;
        for (var end = 1; end <= Usual.GiveUpAfter; end++)
        {
            (var decision, state) = FailurePolicy.Decide(rules, Usual, state, new() { Exit = 1 });
            given += decision.GaveUpAfter is null ? 0 : 1;
        }

        Assert.Equal(1, given);
    }

    [Fact]
    public void A_rule_at_rest_keeps_others_from_deciding_and_counts_no_start()
    {
        FailureRule[] rules =
        [
            Rule(FailureAction.HotRestart, new()) with { Retry = new() { GiveUp = new Rate(2, TimeSpan.FromHours(1)) } },
            Rule(FailureAction.Restart, new()),
        ];
        var facts = new FailureFacts { IsUnhealthy = true };
        (var first, var state) = FailurePolicy.Decide(rules, Usual, FailureState.Empty, facts);
        (var second, var same) = FailurePolicy.Decide(rules, Usual, state, facts, isAtRest: index => rules[index].IsOrder);

        Assert.Equal((0, false, 1), (first.Index, first.IsAtRest, first.Attempt));
        Assert.Equal((0, true, null as int?), (second.Index, second.IsAtRest, second.GaveUpAfter));
        Assert.Same(state, same);
    }

    private static FailureDecision Decide(FailureRule[] rules, FailureFacts facts) =>
        FailurePolicy.Decide(rules, Usual, FailureState.Empty, facts).Decision;

    private static FailureRule Rule(FailureAction action, FailureMatch match) => new() { Action = action, Match = match };

    private static FailureRule AnyRule(Random random)
    {
        var action = (FailureAction)random.Next(Enum.GetValues<FailureAction>().Length);
        return new FailureRule
        {
            Action = action,
            Match = new FailureMatch
            {
                Exits = random.Next(2) == 0 ? [] : [random.Next(3)],
                Signals = random.Next(4) == 0 ? [9] : [],
                Phase = random.Next(4) == 0 ? (FailurePhase)random.Next(3) : null,
                IsUnhealthy = random.Next(6) == 0,
                OutOfMemory = random.Next(6) == 0 ? random.Next(2) == 0 : null,
                Exceptions = random.Next(5) == 0 ? ["a.*", "Key?rror"] : [],
                Modules = random.Next(6) == 0 ? ["m.*"] : [],
                Log = random.Next(5) == 0 ? new Regex("x") : null,
                Dependencies = random.Next(8) == 0 ? ["d*"] : [],
                Moment = random.Next(5) == 0 ? FailureMoment.GivenUp : FailureMoment.Failed,
                Rate = random.Next(3) == 0 ? new Rate(random.Next(1, 4), TimeSpan.FromSeconds(random.Next(1, 120))) : null,
            },
            Retry = random.Next(2) == 0 ? null : new FailureRetry
            {
                Delay = TimeSpan.FromSeconds(random.Next(0, 20)),
                Factor = random.Next(1, 4),
                MaxDelay = TimeSpan.FromSeconds(random.Next(1, 90)),
                GiveUp = new Rate(random.Next(1, 6), TimeSpan.FromSeconds(random.Next(1, 200))),
            },
        };
    }

    private static FailureFacts AnyFacts(Random random)
    {
        var facts = new FailureFacts
        {
            Moment = random.Next(6) == 0 ? FailureMoment.GivenUp : FailureMoment.Failed,
            UpFor = TimeSpan.FromSeconds(random.Next(0, 120)),
            HasFailed = random.Next(5) > 0,
            Count = random.Next(3) == 0 ? random.Next(1, 6) : 1,
        };
        var isKilled = random.Next(4) == 0;
        return random.Next(10) switch
        {
            0 => facts with { IsUnhealthy = true },
            1 => facts with { Exception = "a.b", Modules = random.Next(2) == 0 ? ["n", "m.x"] : ["m"] },
            2 => facts with { Lines = [random.Next(2) == 0 ? "x" : "y"] },
            3 => facts with { Dependency = random.Next(2) == 0 ? "db" : "web" },
            _ => facts with
            {
                Exit = isKilled ? null : random.Next(3),
                Signal = isKilled ? 9 : null,
                OutOfMemory = isKilled && random.Next(2) == 0 ? new MemoryKill() : null,
                Exception = random.Next(3) == 0 ? "KeyError" : null,
                Modules = random.Next(2) == 0 ? ["m.y"] : [],
                Lines = random.Next(2) == 0 ? ["y", "x"] : ["y"],
                Phase = (FailurePhase)random.Next(3),
            },
        };
    }

    /// <summary>Keeps all that happened, and reads from it what the rules say.</summary>
    private sealed class Model(FailureRule[] rules)
    {
        private readonly List<(int Rule, TimeSpan At)> _hits = [];
        private readonly List<(int Rule, TimeSpan At, TimeSpan UpFor, bool GaveUp)> _starts = [];
        private readonly int[] _hitsUsed = new int[rules.Length];

        public (int Rule, TimeSpan? Wait, int? GaveUpAfter) Decide(FailureFacts facts)
        {
            for (var rule = 0; rule < rules.Length; rule++)
            {
                if (IsAbout(rules[rule].Match, facts) && IsOften(rule, facts.At, facts.Count))
                    return Follow(rule, facts);
            }

            return (-1, null, null);
        }

        private static bool IsAbout(FailureMatch match, FailureFacts facts)
        {
            if (!facts.HasFailed && match.Exits.Count == 0)
                return false;
            var doubts = new[]
            {
                match.Exits.Count > 0 && !match.Exits.Any(exit => exit == facts.Exit),
                match.Signals.Count > 0 && !match.Signals.Any(signal => signal == facts.Signal),
                match.Phase is not null && match.Phase != facts.Phase,
                match.IsUnhealthy && !facts.IsUnhealthy,
                match.Moment != facts.Moment,
            };
            return !doubts.Any(doubt => doubt) && IsAboutWhatIsNamed(match, facts);
        }

        /// <summary>Exceptions, lines, dependencies and stops are nobody's but of rules that name them.</summary>
        private static bool IsAboutWhatIsNamed(FailureMatch match, FailureFacts facts)
        {
            var isEnd = facts.Phase is not null;
            var (type, line) = (facts.Exception ?? "", facts.Lines.Contains("x"));
            if (match.OutOfMemory is { } wanted && wanted != facts.OutOfMemory is not null)
                return false;
            if (match.Exceptions.Count > 0 && type.Length == 0)
                return false;
            var isOfModule = facts.Modules.Any(module => module.StartsWith("m.", StringComparison.Ordinal));
            if (match.Modules.Count > 0 && !(type.Length > 0 && isOfModule))
                return false;
            var namesEnd = match.Exits.Count + match.Signals.Count > 0 || match.Phase is not null || match.OutOfMemory is not null;
            if (match.Log is not null && !(line && namesEnd == isEnd))
                return false;
            if (match.Dependencies.Count > 0 && facts.Dependency != "db")
                return false;
            if (facts.Moment is not FailureMoment.Failed)
                return true;
            if (isEnd)
                return facts.Phase is not FailurePhase.Stop || match.Phase is FailurePhase.Stop;
            return facts switch
            {
                { Exception: not null } => match.Exceptions.Count + match.Modules.Count > 0,
                { Lines.Count: > 0 } => match.Log is not null,
                { Dependency: not null } => match.Dependencies.Count > 0,
                _ => true,
            };
        }

        private bool IsOften(int rule, TimeSpan at, int count)
        {
            if (rules[rule].Match.Rate is not { } rate)
                return true;
            for (var i = 0; i < count; i++)
                _hits.Add((rule, at));
            var mine = _hits.Where(hit => hit.Rule == rule).Skip(_hitsUsed[rule]).Count(hit => at - hit.At <= rate.Window);
            if (mine < rate.Count)
                return false;
            _hitsUsed[rule] = _hits.Count(hit => hit.Rule == rule);
            return true;
        }

        private (int Rule, TimeSpan? Wait, int? GaveUpAfter) Follow(int index, FailureFacts facts)
        {
            var rule = rules[index];
            if (rule.Action is FailureAction.Record or FailureAction.Ignore or FailureAction.Stop or FailureAction.Finish)
                return (index, null, null);
            var limit = rule.Retry?.GiveUp ?? new Rate(Usual.GiveUpAfter, Usual.GiveUpWindow);
            var longest = rule.Retry?.MaxDelay ?? Usual.MaxDelay;
            var counted = _starts.Count(start => start.Rule == index && facts.At - start.At <= limit.Window) + 1;
            var gaveUp = counted >= (rule.Action is FailureAction.Start ? Math.Max(2, limit.Count) : limit.Count);
            _starts.Add((index, facts.At, facts.UpFor, gaveUp));
            if (gaveUp)
                return (index, null, counted);
            if (rule.Action is FailureAction.Start)
                return (index, null, null);
            var row = 0;
            foreach (var start in _starts.Where(start => start.Rule == index && !start.GaveUp))
                row = start.UpFor > longest ? 1 : row + 1;
            var isAwaited = rule.Action is FailureAction.Restart || facts.Phase is not null;
            var delay = rule.Retry?.Delay ?? (isAwaited ? Usual.Delay : TimeSpan.Zero);
            var wait = delay.TotalSeconds * Math.Pow(rule.Retry?.Factor ?? Usual.Factor, row - 1);
            return (index, TimeSpan.FromSeconds(Math.Min(wait, longest.TotalSeconds)), null);
        }
    }
}
