using System.Text.Json;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Alerts;
using ServiceCtl.Engine.Events;

namespace ServiceCtl.Tests.Unit.Alerts;

/// <summary>What goes out, and what is read of the journal.</summary>
public sealed class AlertTextTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sc-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void An_alert_is_a_line_with_the_number_by_which_doubles_can_be_told()
    {
        Assert.Equal("GIVEN UP web-1 billing: too\\u202e often; it is over (2026-11-30 10:00:00, #7)", AlertText.Of(Example()));
        Assert.Equal("a &lt;!channel&gt; &amp; b", AlertText.ForSlack("a <!channel> & b"));
        Assert.Equal("x", AlertText.Cut("x😀", 2));
    }

    [Fact]
    public void A_webhook_gets_what_there_is_and_a_signature_that_others_can_make()
    {
        var body = AlertText.JsonOf(Example());
        using var json = JsonDocument.Parse(body);

        Assert.Equal(["id", "sequence", "time", "machine", "service", "news", "level", "kind", "message"],
            json.RootElement.EnumerateObject().Select(property => property.Name));
        Assert.Equal("gave-up", json.RootElement.GetProperty("news").GetString());
        // printf '7.{}' | openssl dgst -sha256 -hmac key
        Assert.Equal("t=7,v1=77bc83bd1f40422311e47918b203449aecf84b02c1568bb1b570ac2a474cc2d8", WebhookReceiver.Sign("key", 7, "{}"u8));
    }

    [Fact]
    public void Every_event_of_the_journal_is_read_once_also_when_the_file_is_changed_for_the_next_one()
    {
        var path = Path.Combine(_folder, "events.jsonl");
        var follower = new JournalFollower(path);
        List<long> read = [];
        Assert.Empty(follower.Read());
        using (var journal = new EventJournal(path))
        {
            for (var number = 1; number <= 5000; number++)
            {
                var line = JsonSerializer.SerializeToUtf8Bytes(new ServiceEvent
                {
                    Sequence = number,
                    Time = DateTimeOffset.UnixEpoch,
                    Service = "web",
                    Kind = ServiceEventKind.Warning,
                    Message = new string('x', 400),
                }, EventJson.Default.ServiceEvent);
                journal.Append(line);
                if (number % 700 == 0)
                    read.AddRange(follower.Read().Select(happened => happened.Sequence));
            }
        }

        read.AddRange(follower.Read().Select(happened => happened.Sequence));
        Assert.Equal(Enumerable.Range(1, 5000).Select(number => (long)number), read);
        Assert.True(File.Exists(Path.Combine(_folder, "events.1.jsonl")));
        Assert.Empty(follower.Read());
    }

    private static Alert Example() => new()
    {
        Sequence = 7,
        Time = new DateTimeOffset(2026, 11, 30, 10, 0, 0, TimeSpan.Zero),
        Machine = "web-1",
        Service = "billing",
        News = AlertNews.GaveUp,
        Level = AlertLevel.Critical,
        Kind = "GaveUp",
        Message = "too\u202e often;\nit is over",
    };
}
