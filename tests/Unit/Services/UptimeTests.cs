using ServiceCtl.Contracts;

namespace ServiceCtl.Tests.Unit.Services;

public sealed class UptimeTests
{
    [Fact]
    public void What_began_in_the_future_by_a_clock_that_was_set_back_has_just_begun()
    {
        var service = new PyService
        {
            Name = "web",
            State = ServiceState.Running,
            Runner = "uwsgi",
            Path = "/srv/web",
            ConfigPath = "/srv/web/config.yaml",
            Pid = 1,
            StartedAt = DateTimeOffset.Now.AddHours(1),
        };
        var agent = new AgentInfo
        {
            Pid = 1,
            Version = "1",
            Socket = "/s",
            LogPath = "/l",
            User = "root",
            StartedAt = DateTimeOffset.Now.AddHours(1),
        };

        Assert.Equal((TimeSpan.Zero, TimeSpan.Zero), (service.Uptime, agent.Uptime));
        Assert.InRange((service with { StartedAt = DateTimeOffset.Now.AddHours(-1) }).Uptime!.Value.TotalMinutes, 59.9, 61);
        Assert.Null((service with { Pid = null }).Uptime);
    }
}
