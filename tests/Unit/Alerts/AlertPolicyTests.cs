using CsCheck;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Alerts;

namespace ServiceCtl.Tests.Unit.Alerts;

/// <summary>What is told, and how often.</summary>
public sealed class AlertPolicyTests
{
    [Fact]
    public void Down_and_back_are_told_once_each_whatever_happens_between()
    {
        Assert.Equal(
            ["Down", "GaveUp", "Back"],
            Tell(ServiceEventKind.Crashed, ServiceEventKind.Crashed, ServiceEventKind.Unhealthy, ServiceEventKind.GaveUp,
                ServiceEventKind.GaveUp, ServiceEventKind.Started, ServiceEventKind.Restarted));
    }

    [Fact]
    public void What_runs_and_is_ordered_is_no_alert()
    {
        Assert.Empty(Tell(ServiceEventKind.Started, ServiceEventKind.Restarted, ServiceEventKind.HotRestarted, ServiceEventKind.Stopped,
            ServiceEventKind.ConfigChanged, ServiceEventKind.ScheduleRan, ServiceEventKind.CanaryPassed));
    }

    [Fact]
    public void One_that_is_stopped_while_it_is_down_needs_nobody_any_more_and_may_go_down_again()
    {
        Assert.Equal(["Down", "Stopped", "Down", "Back"],
            Tell(ServiceEventKind.Crashed, ServiceEventKind.Stopped, ServiceEventKind.Started, ServiceEventKind.Crashed,
                ServiceEventKind.Restarted));
    }

    [Fact]
    public void One_of_several_instances_is_not_the_service()
    {
        var (heard, alert) = AlertPolicy.Take(ServiceCondition.Up,
            Of(ServiceEventKind.Crashed) with { Failure = Failure(PyServiceFailureEvent.Failed, PyServiceFailureLayer.Instance) },
            _ => true);

        Assert.Equal((ServiceCondition.Up, (AlertNews.Notice, AlertLevel.Info)), (heard, alert!.Value));
    }

    [Fact]
    public void A_failed_start_that_nobody_ordered_is_down_and_a_recovery_is_back()
    {
        var (heard, alert) = AlertPolicy.Take(ServiceCondition.Up,
            Of(ServiceEventKind.Warning) with { Failure = Failure(PyServiceFailureEvent.Failed) }, _ => true);
        Assert.Equal((ServiceCondition.Down, AlertNews.Down), (heard, alert!.Value.News));

        (heard, alert) = AlertPolicy.Take(heard,
            Of(ServiceEventKind.Warning) with { Failure = Failure(PyServiceFailureEvent.Recovered) }, _ => true);
        Assert.Equal((ServiceCondition.Up, AlertNews.Back), (heard, alert!.Value.News));
    }

    [Fact]
    public void Who_hears_what_is_critical_alone_hears_no_notice_and_what_a_rule_says_counts()
    {
        static bool CriticalOnly(AlertLevel level) => level == AlertLevel.Critical;

        Assert.Null(AlertPolicy.Take(ServiceCondition.Up, Of(ServiceEventKind.ScheduleFailed), CriticalOnly).Alert);
        Assert.NotNull(AlertPolicy.Take(
            ServiceCondition.Up, Of(ServiceEventKind.Refused) with { Failure = Noted("critical") }, CriticalOnly).Alert);
        Assert.Equal((ServiceCondition.Up, null),
            AlertPolicy.Take(ServiceCondition.Up, Of(ServiceEventKind.Crashed) with { Failure = Noted("info") }, CriticalOnly));
        Assert.NotNull(AlertPolicy.Take(
            ServiceCondition.Up, Of(ServiceEventKind.Adopted) with { Failure = Noted("critical") }, CriticalOnly).Alert);
    }

    [Fact]
    public void A_failure_of_two_levels_is_told_to_each_destination_as_the_most_urgent_that_it_hears()
    {
        var happened = Of(ServiceEventKind.Crashed) with
        {
            Failure = Failure(PyServiceFailureEvent.Failed) with
            {
                Notify = "critical",
                Notices = [new() { Level = AlertLevel.Info }, new() { Level = AlertLevel.Critical }],
            },
        };

        static bool InfoOnly(AlertLevel level) => level == AlertLevel.Info;

        Assert.Equal(AlertLevel.Info, AlertPolicy.Take(ServiceCondition.Up, happened, InfoOnly).Alert!.Value.Level);
        Assert.Equal(AlertLevel.Critical, AlertPolicy.Take(ServiceCondition.Up, happened, _ => true).Alert!.Value.Level);
    }

    /// <summary>In whatever order things happen, two of a kind never follow each other, and no end comes without a beginning.</summary>
    [Fact]
    public void No_two_alerts_about_a_state_follow_each_other()
    {
        Gen.Enum<ServiceEventKind>().List[0, 40].Sample(kinds =>
        {
            var told = Tell([.. kinds]).Where(news => news != "Notice").ToList();
            Assert.DoesNotContain(told.Zip(told.Skip(1)), pair => pair.First == pair.Second);
            Assert.True(told.Count == 0 || told[0] is "Down" or "GaveUp");
            Assert.All(told.Zip(told.Skip(1)), pair => Assert.True(
                pair.Second is "Back" or "Stopped" ? pair.First is "Down" or "GaveUp" : pair.First != "GaveUp"));
        });
    }

    private static List<string> Tell(params ServiceEventKind[] kinds)
    {
        var heard = ServiceCondition.Up;
        List<string> told = [];
        foreach (var kind in kinds)
        {
            (heard, var alert) = AlertPolicy.Take(heard, Of(kind), _ => true);
            if (alert is { } one)
                told.Add(one.News.ToString());
        }

        return told;
    }

    private static ServiceEvent Of(ServiceEventKind kind) =>
        new() { Time = DateTimeOffset.UnixEpoch, Service = "web", Kind = kind, Message = "message" };

    private static PyServiceFailure Noted(string level) => Failure(PyServiceFailureEvent.Failed) with { Notify = level };

    private static PyServiceFailure Failure(
        PyServiceFailureEvent happened, PyServiceFailureLayer layer = PyServiceFailureLayer.Service) => new()
        {
            Time = DateTimeOffset.UnixEpoch,
            Service = "web",
            Event = happened,
            Layer = layer,
            Cause = "exit code 1",
            Action = "restart",
        };
}
