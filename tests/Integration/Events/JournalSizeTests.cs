using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Events;

/// <summary>How much the agent keeps of what has happened.</summary>
public sealed class JournalSizeTests : IAsyncDisposable
{
    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Fact]
    public async Task An_agent_with_a_wrong_size_does_not_start_and_says_what_is_right()
    {
        var started = await StartAgentAsync("much");

        Assert.NotEqual(0, started.Code);
        Assert.Contains("The variable SERVICECTL_EVENTS_SIZE, much, is not a size from 64KiB to 64MiB.", started.Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_journal_takes_the_room_that_the_agent_was_given()
    {
        Assert.Equal(0, (await StartAgentAsync("64KiB")).Code);
        var service = new LocalService(_home, "falls", """
            service:
              runner: command
              command: [./run.sh]
              ready: {delay: 1ms}
              restart: {delay: 1ms, factor: 1, give_up: 100000 in 10m}
            """,
            ("run.sh", "#!/bin/sh\nwhile [ ! -e go ]; do sleep 0.1; done\nseq -f 'a long line %080.0f' 20\nexit 3\n"));
        await service.MustAsync(ServiceAction.Start);
        await File.WriteAllTextAsync(Path.Combine(service.Folder, "go"), "");

        var old = Path.Combine(Path.GetDirectoryName(_home.Paths.Events)!, "events.1.jsonl");
        await Condition.HoldsAsync(() => File.Exists(old), "the file was full");
        Assert.InRange(new FileInfo(old).Length, 1, 32 << 10);
        await service.OrderAsync(ServiceAction.Stop);
    }

    private async Task<CommandResult> StartAgentAsync(string size)
    {
        using var start = _home.Start("/", new Dictionary<string, string> { ["SERVICECTL_EVENTS_SIZE"] = size }, "agent", "start");
        start.StandardInput.Close();
        return await CommandResult.OfAsync(start);
    }
}
