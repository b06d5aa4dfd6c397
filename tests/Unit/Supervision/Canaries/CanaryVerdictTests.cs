using ServiceCtl.Contracts;
using ServiceCtl.Engine.Supervision.Canaries;

namespace ServiceCtl.Tests.Unit.Supervision.Canaries;

public sealed class CanaryVerdictTests
{
    private static readonly ReleaseCanary Rule = new()
    {
        Shares = [5],
        StepSeconds = 60,
        MinRequests = 20,
        NewExceptions = 1,
        ErrorRate = 1,
        SlowerThan = 2,
    };

    [Theory]
    [InlineData(100, 0, 10.0, "Good")]
    [InlineData(20, 0, null, "Good")]
    [InlineData(19, 0, 10.0, "TooFew")]
    [InlineData(19, 19, 10.0, "TooFew")]
    [InlineData(null, null, null, "TooFew")]
    [InlineData(100, 1, 10.0, "Good")]
    [InlineData(100, 2, 10.0, "Bad")]
    [InlineData(100, 0, 20.0, "Good")]
    [InlineData(100, 0, 21.0, "Bad")]
    public void Rates_and_times_are_judged_from_enough_requests_on(int? requests, int? errors, double? milliseconds, string outcome)
    {
        var verdict = CanaryVerdict.Of(Rule, Figures(requests, errors, milliseconds), Figures(5000, 0, 10));

        Assert.Equal(outcome, verdict.Outcome.ToString());
    }

    [Fact]
    public void A_release_that_serves_badly_itself_is_the_measure()
    {
        Assert.Equal(CanaryOutcome.Good, CanaryVerdict.Of(Rule, Figures(100, 6, 10), Figures(1000, 50, 10)).Outcome);
        Assert.Equal(CanaryOutcome.Bad, CanaryVerdict.Of(Rule, Figures(100, 7, 10), Figures(1000, 50, 10)).Outcome);
        Assert.Equal(CanaryOutcome.Bad, CanaryVerdict.Of(Rule, Figures(100, 7, 10), Figures(null, null, null)).Outcome);
    }

    [Fact]
    public void Twice_of_next_to_nothing_is_not_slow_and_few_requests_of_the_old_one_are_no_measure()
    {
        Assert.Equal(CanaryOutcome.Good, CanaryVerdict.Of(Rule, Figures(100, 0, 4), Figures(1000, 0, 0.5)).Outcome);
        Assert.Equal(CanaryOutcome.Good, CanaryVerdict.Of(Rule, Figures(100, 0, 400), Figures(3, 0, 10)).Outcome);
    }

    [Fact]
    public void A_kind_of_exception_that_the_old_one_does_not_have_fails_it_at_once()
    {
        var canary = Figures(1, 1, 10) with { Exceptions = [Raised("KeyError in app.py, f", 3), Raised("ValueError in app.py, g", 1)] };
        var former = Figures(1000, 0, 10) with { Exceptions = [Raised("ValueError in app.py, g", 0)] };

        var verdict = CanaryVerdict.Of(Rule, canary, former);

        Assert.Equal(CanaryOutcome.Bad, verdict.Outcome);
        Assert.Contains("3 x KeyError in app.py, f", verdict.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("ValueError", verdict.Words, StringComparison.Ordinal);
        Assert.Equal(CanaryOutcome.TooFew, CanaryVerdict.Of(Rule with { NewExceptions = 2 }, canary, former).Outcome);
        Assert.Equal(CanaryOutcome.TooFew, CanaryVerdict.Of(Rule with { NewExceptions = 0 }, canary, former).Outcome);
    }

    [Fact]
    public void More_errors_time_or_kinds_never_make_a_bad_canary_good()
    {
        var random = new Random(17);
        for (var i = 0; i < 20_000; i++)
        {
            var rule = Rule with
            {
                MinRequests = random.Next(1, 50),
                NewExceptions = random.Next(0, 3),
                ErrorRate = random.Next(4) == 0 ? null : random.NextDouble() * 10,
                SlowerThan = random.Next(4) == 0 ? null : 1 + (random.NextDouble() * 3),
            };
            var former = Any(random);
            var canary = Any(random);
            var worse = canary with
            {
                ServerErrors = canary.ServerErrors is { } bad ? Math.Min(bad + random.Next(5), canary.Requests ?? 0) : null,
                Milliseconds = canary.Milliseconds + random.Next(20),
                Exceptions = [.. canary.Exceptions, Raised($"E{random.Next(5)}", 1)],
            };

            var before = CanaryVerdict.Of(rule, canary, former).Outcome;
            var after = CanaryVerdict.Of(rule, worse, former).Outcome;

            Assert.True(
                before != CanaryOutcome.Bad || after == CanaryOutcome.Bad, $"{rule}: {canary} is bad, {worse} is {after}; {former}");
            // Whoever is measured by himself is never found wanting.
            Assert.NotEqual(CanaryOutcome.Bad, CanaryVerdict.Of(rule, former, former).Outcome);
            Assert.True(canary.Requests >= rule.MinRequests || before != CanaryOutcome.Good, "below min_requests there is no good verdict");
        }
    }

    private static GenerationFigures Any(Random random)
    {
        var requests = random.Next(4) == 0 ? null as long? : random.Next(100);
        return new GenerationFigures
        {
            Generation = 1,
            Requests = requests,
            ServerErrors = random.Next(4) == 0 ? null : random.Next((int)(requests ?? 0) + 1),
            Milliseconds = random.Next(4) == 0 ? null : random.NextDouble() * 100,
            Exceptions = [.. Enumerable.Range(0, random.Next(3)).Select(i => Raised($"E{i}", 1))],
        };
    }

    private static GenerationFigures Figures(long? requests, long? errors, double? milliseconds) =>
        new() { Generation = 1, Requests = requests, ServerErrors = errors, Milliseconds = milliseconds };

    private static ExceptionCount Raised(string kind, long count) => new() { Kind = kind, Count = count };
}
