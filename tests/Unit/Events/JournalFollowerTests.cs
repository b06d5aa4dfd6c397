using System.Text.Json;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Events;

namespace ServiceCtl.Tests.Unit.Events;

public sealed class JournalFollowerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("journal-").FullName;

    private string Events => Path.Combine(_folder, "events.jsonl");

    private string OldEvents => Path.Combine(_folder, "events.1.jsonl");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_is_written_is_read_once_in_its_order_whatever_file_it_is_in_by_then()
    {
        using var journal = new EventJournal(Events);
        var follower = new JournalFollower(Events);
        List<long> read = [];
        for (var number = 1; number <= 3000; number++)
        {
            journal.Append(Line(number));
            if (number % 7 == 0)
                read.AddRange(follower.Read().Select(happened => happened.Sequence));
        }

        read.AddRange(follower.Read().Select(happened => happened.Sequence));
        Assert.True(File.Exists(OldEvents));
        Assert.Equal(Enumerable.Range(1, 3000).Select(number => (long)number), read);
        follower.Rewind();
        Assert.Equal(read[^1], follower.Read()[^1].Sequence);
    }

    /// <summary>One becomes the other between two looks.</summary>
    [Fact]
    public void What_is_in_both_files_is_read_once()
    {
        File.WriteAllLines(OldEvents, [Text(1), Text(2), Text(3)]);
        File.WriteAllLines(Events, [Text(2), Text(3)]);
        Assert.Equal([1, 2, 3], new JournalFollower(Events).Read().Select(happened => happened.Sequence));
    }

    [Fact]
    public void A_journal_that_begins_again_is_read_from_its_beginning()
    {
        File.WriteAllLines(Events, [Text(8), Text(9)]);
        var follower = new JournalFollower(Events);
        Assert.Equal([8, 9], follower.Read().Select(happened => happened.Sequence));
        File.WriteAllLines(Events, [Text(1), Text(2), Text(3)]);
        Assert.Equal([1, 2, 3], follower.Read().Select(happened => happened.Sequence));
    }

    private static byte[] Line(int number) => JsonSerializer.SerializeToUtf8Bytes(Of(number), EventJson.Default.ServiceEvent);

    private static string Text(int number) => JsonSerializer.Serialize(Of(number), EventJson.Default.ServiceEvent);

    private static ServiceEvent Of(int number) => new()
    {
        Sequence = number,
        Time = DateTimeOffset.UnixEpoch,
        Service = "web",
        Kind = ServiceEventKind.Crashed,
        Message = new string('x', 600),
    };
}
