using ServiceCtl.Contracts;

namespace ServiceCtl.Tests.Unit.Events;

/// <summary>How bad things are of which nobody has said it.</summary>
public sealed class EventLevelsTests
{
    [Fact]
    public void What_an_older_agent_has_written_has_the_level_of_its_kind_and_what_a_rule_says_stays()
    {
        Assert.Equal(ServiceEventLevel.Critical, EventLevels.Complete(Of(ServiceEventKind.GaveUp)).Level);
        Assert.Equal(ServiceEventLevel.Error, EventLevels.Complete(Of(ServiceEventKind.Crashed)).Level);
        Assert.Equal(ServiceEventLevel.Info, EventLevels.Complete(Of(ServiceEventKind.Started)).Level);
        Assert.Equal(
            ServiceEventLevel.Debug, EventLevels.Complete(Of(ServiceEventKind.Crashed) with { Level = ServiceEventLevel.Debug }).Level);
    }

    private static ServiceEvent Of(ServiceEventKind kind) =>
        new() { Time = DateTimeOffset.UnixEpoch, Service = "web", Kind = kind, Message = "message" };
}
