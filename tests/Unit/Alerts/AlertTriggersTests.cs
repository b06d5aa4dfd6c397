using ServiceCtl.Contracts;
using ServiceCtl.Engine.Alerts;

namespace ServiceCtl.Tests.Unit.Alerts;

/// <summary>For which events a process is started.</summary>
public sealed class AlertTriggersTests
{
    private readonly AlertTriggers _triggers = new([]);

    [Fact]
    public void What_runs_is_started_and_stopped_and_nobody_hears_of_it()
    {
        Assert.False(_triggers.Take(Of(ServiceEventKind.Started)));
        Assert.False(_triggers.Take(Of(ServiceEventKind.Restarted)));
        Assert.False(_triggers.Take(Of(ServiceEventKind.Stopped)));
    }

    [Fact]
    public void One_that_crashes_again_and_again_is_told_once_and_again_after_it_was_back()
    {
        Assert.Equal([true, false, false], Enumerable.Range(0, 3).Select(_ => _triggers.Take(Of(ServiceEventKind.Crashed))));
        Assert.True(_triggers.Take(Of(ServiceEventKind.GaveUp)));
        Assert.True(_triggers.Take(Of(ServiceEventKind.Restarted)));
        Assert.True(_triggers.Take(Of(ServiceEventKind.Crashed)));
    }

    [Theory]
    [InlineData("critical")]
    [InlineData(null)]
    public void A_crash_that_is_critical_is_told_after_one_that_was_not(string? notify)
    {
        Assert.True(_triggers.Take(Of(ServiceEventKind.Crashed, "info")));
        Assert.False(_triggers.Take(Of(ServiceEventKind.Crashed, "info")));
        Assert.True(_triggers.Take(Of(ServiceEventKind.Crashed, notify)));
        Assert.False(_triggers.Take(Of(ServiceEventKind.Crashed, notify)));
        Assert.False(_triggers.Take(Of(ServiceEventKind.Crashed, "info")));
    }

    [Fact]
    public void The_next_agent_tells_that_what_was_down_is_back_or_critical()
    {
        Assert.True(new AlertTriggers(["web", "web"]).Take(Of(ServiceEventKind.Restarted)));
        Assert.False(new AlertTriggers(["web"]).Take(Of(ServiceEventKind.Crashed, "info")));
        Assert.True(new AlertTriggers(["web"]).Take(Of(ServiceEventKind.Crashed, "critical")));
    }

    private static ServiceEvent Of(ServiceEventKind kind, string? notify = null) => new()
    {
        Time = DateTimeOffset.UnixEpoch,
        Service = "web",
        Kind = kind,
        Message = "message",
        Failure = notify is null ? null : new PyServiceFailure
        {
            Time = DateTimeOffset.UnixEpoch,
            Service = "web",
            Event = PyServiceFailureEvent.Failed,
            Cause = "exit code 3",
            Action = "restart",
            Notify = notify,
        },
    };
}
