using ServiceCtl.Engine.Services.Keys;
using ServiceCtl.Engine.Services.Rules;
using ServiceCtl.Engine.Supervision;

namespace ServiceCtl.Tests.Unit.Supervision;

public sealed class RestartPolicyTests
{
    private static readonly RestartRule Rule = new()
    {
        Delay = TimeSpan.FromSeconds(1),
        Factor = 2,
        MaxDelay = TimeSpan.FromSeconds(5),
        GiveUpAfter = 5,
        GiveUpWindow = TimeSpan.FromMinutes(1)
    };

    private readonly Clock _clock = new();
    private readonly RestartPolicy _policy;

    public RestartPolicyTests()
    {
        _policy = new RestartPolicy(_clock);
    }

    [Fact]
    public void Waits_grow_up_to_the_longest_and_it_gives_up_in_the_end()
    {
        Assert.Equal([1, 2, 4, 5, null], Enumerable.Range(0, 5).Select(_ => End()));
        Assert.Contains("5 times within 60 s", _policy.Explain(Rule), StringComparison.Ordinal);
        _policy.Reset();
        Assert.Equal(1, End());
    }

    [Fact]
    public void Who_lasted_long_begins_anew()
    {
        End();
        End();
        _clock.Elapse(TimeSpan.FromHours(1));
        Assert.Equal(1, End(upFor: TimeSpan.FromHours(1)));
    }

    [Theory]
    [InlineData(-3600 * 24 * 365)]
    [InlineData(3600 * 24 * 365)]
    public void A_wall_clock_that_is_set_changes_nothing(int seconds)
    {
        for (var i = 0; i < 20; i++)
        {
            Assert.NotNull(End());
            // One end in 40 s is not five in a minute, whatever the wall clock says.
            _clock.Elapse(TimeSpan.FromSeconds(40));
            _clock.Set(TimeSpan.FromSeconds(i % 2 == 0 ? seconds : -seconds));
        }

        _policy.Reset();
        for (var i = 0; i < 4; i++)
        {
            Assert.NotNull(End());
            _clock.Set(TimeSpan.FromSeconds(seconds));
        }

        Assert.Null(End());
    }

    [Fact]
    public void A_factor_beyond_all_measure_stays_at_the_longest_wait()
    {
        var rule = Rule with { Factor = 1e6, GiveUpAfter = 1000 };
        for (var i = 0; i < 100; i++)
            Assert.InRange(_policy.Next(rule, failed: true, TimeSpan.Zero)!.Value.TotalSeconds, 1, 5);
    }

    [Theory]
    [InlineData(RestartWhen.Never, 1, false)]
    [InlineData(RestartWhen.OnFailure, 0, false)]
    [InlineData(RestartWhen.OnFailure, 1, true)]
    [InlineData(RestartWhen.Always, 0, true)]
    public void The_rule_says_which_ends_are_followed(RestartWhen when, int code, bool isFollowed)
    {
        Assert.Equal(isFollowed, _policy.Next(Rule with { When = when }, failed: code != 0, TimeSpan.Zero) is not null);
    }

    private double? End(TimeSpan upFor = default) => _policy.Next(Rule, failed: true, upFor)?.TotalSeconds;

    /// <summary>A wall clock that can be set apart from the monotonic one.</summary>
    private sealed class Clock : TimeProvider
    {
        private long _ticks;
        private TimeSpan _offset;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddYears(50).AddTicks(_ticks) + _offset;

        public void Elapse(TimeSpan time) => _ticks += time.Ticks;

        public void Set(TimeSpan by) => _offset += by;
    }
}
