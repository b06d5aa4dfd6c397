using CsCheck;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Alerts;
using ServiceCtl.Engine.Configuration.Schema.Types;

namespace ServiceCtl.Tests.Unit.Alerts;

/// <summary>Who goes up and down all the time is told of seldom, and never left in the dark.</summary>
public sealed class FlapPolicyTests
{
    private static readonly Rate Limit = new(3, TimeSpan.FromMinutes(10));

    [Fact]
    public void One_that_is_given_up_or_stopped_while_it_flaps_is_told_and_flaps_no_more()
    {
        Assert.Equal(["Down", "Back", "Down", "Back", "Flapping", "GaveUp", "Back"], Tell(
            (ServiceEventKind.Crashed, 1), (ServiceEventKind.Restarted, 1), (ServiceEventKind.Crashed, 1), (ServiceEventKind.Restarted, 1),
            (ServiceEventKind.Crashed, 1), (ServiceEventKind.Restarted, 1), (ServiceEventKind.Crashed, 1), (ServiceEventKind.GaveUp, 1),
            (ServiceEventKind.Started, 1)));
        Assert.Equal(["Down", "Back", "Down", "Back", "Flapping", "Stopped", "Down"], Tell(
            (ServiceEventKind.Crashed, 1), (ServiceEventKind.Restarted, 1), (ServiceEventKind.Crashed, 1), (ServiceEventKind.Restarted, 1),
            (ServiceEventKind.Crashed, 1), (ServiceEventKind.Restarted, 1), (ServiceEventKind.Stopped, 1), (ServiceEventKind.Started, 1),
            (ServiceEventKind.Crashed, 1)));
    }

    [Fact]
    public void One_that_goes_down_now_and_then_does_not_flap()
    {
        Assert.DoesNotContain("Flapping", Tell([.. Enumerable.Range(0, 20).Select(number =>
            (number % 2 == 0 ? ServiceEventKind.Crashed : ServiceEventKind.Restarted, 301))]));
    }

    [Fact]
    public void One_that_stays_down_in_the_end_is_told_to_be_down()
    {
        Assert.Equal("Down", Tell(
            (ServiceEventKind.Crashed, 1), (ServiceEventKind.Restarted, 1), (ServiceEventKind.Crashed, 1), (ServiceEventKind.Restarted, 1),
            (ServiceEventKind.Crashed, 1), (ServiceEventKind.ScheduleRan, 700))[^1]);
    }

    /// <summary>A clock that was set back must not keep it flapping for hours.</summary>
    [Fact]
    public void A_clock_that_is_set_settles_it_at_most_too_early()
    {
        var flap = new FlapRecord { IsFlapping = true, At = DateTimeOffset.UnixEpoch.AddDays(1) };

        Assert.Equal(AlertNews.Settled, FlapPolicy.Settle(flap, ServiceCondition.Up, DateTimeOffset.UnixEpoch, Limit));
    }

    /// <summary>
    /// Whatever happens and however fast: the last that is told agrees with how it stands once nothing has happened for long enough, and
    /// there are no more than so many alerts in so much time.
    /// </summary>
    [Fact]
    public void In_the_end_the_truth_is_told_and_there_is_no_storm()
    {
        ServiceEventKind[] kinds =
        [
            ServiceEventKind.Crashed, ServiceEventKind.Restarted, ServiceEventKind.Unhealthy, ServiceEventKind.Stopped,
            ServiceEventKind.GaveUp, ServiceEventKind.Started,
        ];
        Gen.Select(Gen.Int[0, kinds.Length - 1].Select(index => kinds[index]), Gen.Int[0, 400]).List[0, 60].Sample(happened =>
        {
            var told = Tell([.. happened, (ServiceEventKind.ScheduleRan, 1200)], out var condition, out var flap);

            Assert.NotEqual(true, flap?.IsFlapping);
            Assert.Equal(condition, told.LastOrDefault() switch
            {
                "Down" => ServiceCondition.Down,
                "GaveUp" => ServiceCondition.GivenUp,
                _ => ServiceCondition.Up,
            });
            Assert.DoesNotContain(told.Zip(told.Skip(1)), pair => pair is ("Flapping", "Flapping") or ("Flapping", "Back"));
        });
    }

    private static List<string> Tell(params (ServiceEventKind Kind, int Seconds)[] happened) => Tell(happened, out _, out _);

    /// <summary>As a destination takes it, which looks each second.</summary>
    private static List<string> Tell(
        (ServiceEventKind Kind, int Seconds)[] happened, out ServiceCondition condition, out FlapRecord? flap)
    {
        (condition, flap) = (ServiceCondition.Up, null);
        List<string> told = [];
        var now = DateTimeOffset.UnixEpoch;
        foreach (var (kind, seconds) in happened)
        {
            for (var second = 0; second < seconds; second++)
            {
                now += TimeSpan.FromSeconds(1);
                if (flap is not null && FlapPolicy.Settle(flap, condition, now, Limit) is { } settled)
                {
                    told.Add(settled.ToString());
                    flap = null;
                }
            }

            var one = new ServiceEvent { Time = now, Service = "web", Kind = kind, Message = "message" };
            (condition, var alert) = AlertPolicy.Take(condition, one, _ => true);
            (flap, alert) = FlapPolicy.Take(flap, alert, one, Limit);
            if (alert is { } news)
                told.Add(news.News.ToString());
        }

        return told;
    }
}
