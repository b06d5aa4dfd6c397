using System.Text.Json;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Events;
using ServiceCtl.Host.Commands;

namespace ServiceCtl.Tests.Unit.Agent;

/// <summary>
/// A hot restart is called that wherever people read it. Between agents, journals and clients of different versions it keeps its former
/// name.
/// </summary>
public sealed class EventNamesTests
{
    [Fact]
    public void A_hot_restart_keeps_its_name_on_the_wire()
    {
        var happened = new ServiceEvent
        {
            Time = DateTimeOffset.UnixEpoch,
            Service = "web",
            Kind = ServiceEventKind.HotRestarted,
            Message = "m"
        };

        string written = JsonSerializer.Serialize(happened, EventJson.Default.ServiceEvent);

        Assert.Contains("\"Reloaded\"", written, StringComparison.Ordinal);
        Assert.Equal(ServiceEventKind.HotRestarted, JsonSerializer.Deserialize(written, EventJson.Default.ServiceEvent)!.Kind);
    }

    [Theory]
    [InlineData("hot-restarted")]
    [InlineData("reloaded")]
    [InlineData("started,hot-*")]
    public void The_command_understands_both_names(string kinds)
    {
        Assert.Empty(EventsCommand.Create().Parse(["--kind", kinds]).Errors);
    }
}
