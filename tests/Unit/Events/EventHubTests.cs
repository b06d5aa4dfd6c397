using Serilog.Core;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Events;

namespace ServiceCtl.Tests.Unit.Events;

public sealed class EventHubTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sc-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Journal => Path.Combine(_folder, "events.jsonl");

    [Fact]
    public async Task Numbers_go_on_where_the_last_agent_ended_also_behind_a_torn_line()
    {
        using (var first = new EventHub(Journal, Logger.None))
        {
            first.Publish(Event("one"));
            first.Publish(Event("two"));
        }

        File.AppendAllText(Journal, "{\"sequence\":3,\"time\":");
        using var second = new EventHub(Journal, Logger.None);
        second.Publish(Event("three"));
        second.Publish(Event("four"));

        string[] expected = ["1 one", "2 two", "3 three", "4 four"];
        Assert.Equal(expected, Texts(EventJournal.Read(Journal)));
        Assert.Equal(expected, Texts(await second.ReadAsync(0, follow: false, default).OfType<ServiceEvent>().ToListAsync()));
        Assert.Equal(["4 four"], Texts(await second.ReadAsync(3, follow: false, default).OfType<ServiceEvent>().ToListAsync()));
    }

    [Fact]
    public async Task A_follower_that_had_more_than_there_is_gets_everything_because_the_journal_was_lost()
    {
        using var hub = new EventHub(Journal, Logger.None);
        hub.Publish(Event("new"));
        Assert.Equal(["1 new"], Texts(await hub.ReadAsync(700, follow: false, default).OfType<ServiceEvent>().ToListAsync()));
    }

    [Fact]
    public async Task Followers_get_the_past_a_mark_and_each_event_once_however_slow_they_are()
    {
        using var hub = new EventHub(Journal, Logger.None);
        hub.Publish(Event("0"));
        var seen = new List<string>();
        var publishing = Task.CompletedTask;
        await foreach (var happened in hub.ReadAsync(0, follow: true, default))
        {
            seen.Add(happened?.Message ?? "mark");
            if (happened is null)
                publishing = Task.Run(() => Parallel.For(1, 5000, number => hub.Publish(Event($"{number}"))));
            if (seen.Count == 5001)
                break;
        }

        await publishing;
        Assert.Equal(["0", "mark"], seen[..2]);
        Assert.Equal(5001, seen.Distinct().Count());
    }

    [Fact]
    public async Task What_is_kept_is_bounded_on_disk_and_in_memory()
    {
        using var hub = new EventHub(Journal, Logger.None);
        for (var i = 0; i < 400; i++)
            hub.Publish(Event(new string('x', 10_000)));

        Assert.InRange(Directory.GetFiles(_folder).Sum(file => new FileInfo(file).Length), JournalSize.Default / 2, JournalSize.Default);
        var kept = await hub.ReadAsync(0, follow: false, default).CountAsync();
        Assert.InRange(kept, 100, 210);
        Assert.Equal(400, EventJournal.Read(Journal).Last().Sequence);
    }

    [Fact]
    public async Task A_larger_journal_keeps_more_than_memory_does_and_gives_all_of_it()
    {
        using var hub = new EventHub(Journal, Logger.None, 8 << 20);
        for (var i = 0; i < 600; i++)
            hub.Publish(Event(new string('x', 10_000)));

        Assert.Equal(Enumerable.Range(1, 600).Select(number => (long)number),
            await hub.ReadAsync(0, follow: false, default).OfType<ServiceEvent>().Select(happened => happened.Sequence).ToListAsync());
        Assert.Equal(Enumerable.Range(51, 550).Select(number => (long)number),
            await hub.ReadAsync(50, follow: false, default).OfType<ServiceEvent>().Select(happened => happened.Sequence).ToListAsync());
    }

    [Fact]
    public async Task A_journal_that_can_not_be_written_loses_no_event_to_those_who_ask()
    {
        Directory.CreateDirectory(Journal);
        using var hub = new EventHub(Journal, Logger.None);
        hub.Publish(Event("kept"));
        Assert.Equal(["1 kept"], Texts(await hub.ReadAsync(0, follow: false, default).OfType<ServiceEvent>().ToListAsync()));
    }

    private static string[] Texts(IEnumerable<ServiceEvent> events) =>
        [.. events.Select(happened => $"{happened.Sequence} {happened.Message}")];

    private static ServiceEvent Event(string message) =>
        new() { Time = DateTimeOffset.UnixEpoch, Service = "web", Kind = ServiceEventKind.Warning, Message = message };
}
