using ServiceCtl.Engine.Logs.Files;
using ServiceCtl.Engine.Logs.Reading;

namespace ServiceCtl.Tests.Unit.Logs;

public sealed class TimeIndexTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 5, 1, 10, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Start);
    private readonly string _folder = Directory.CreateTempSubdirectory("servicectl-").FullName;

    private string Index => Path.Combine(_folder, "output.times");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void At_most_one_mark_is_made_in_a_tenth_of_a_second_and_none_in_silence()
    {
        using (TimeIndex index = new(Index, DateTimeOffset.MinValue))
        {
            for (int i = 0; i < 100; i++)
            {
                index.Mark(i * 1000, _time.GetUtcNow(), 1);
                _time.Advance(TimeSpan.FromMilliseconds(10));
            }
        }

        Assert.Equal(10 * TimeMark.Size, new FileInfo(Index).Length);
    }

    [Fact]
    public void A_clock_that_was_set_back_gets_a_mark_at_once()
    {
        using TimeIndex index = new(Index, DateTimeOffset.MinValue);
        index.Mark(0, Start, 1);
        index.Mark(10, Start.AddHours(-1), 1);
        using TimeLookup lookup = TimeLookup.TryOpen(Index)!;
        Assert.Equal(Start.AddHours(-1), lookup.Advance(default, 10).Time);
    }

    [Fact]
    public void A_lookup_finds_marks_that_were_added_after_it_was_opened()
    {
        using TimeIndex index = new(Index, DateTimeOffset.MinValue);
        index.Mark(0, Start, 1);
        using TimeLookup lookup = TimeLookup.TryOpen(Index)!;
        TimeMark first = lookup.Advance(default, 500);
        index.Mark(400, Start.AddSeconds(1), 2);
        Assert.Equal((0, 1), (first.Offset, first.Generation));
        Assert.Equal(new TimeMark(400, Start.AddSeconds(1), 2), lookup.Advance(first, 500));
    }

    [Fact]
    public void A_mark_that_was_cut_off_is_overwritten_and_never_read()
    {
        using (TimeIndex index = new(Index, DateTimeOffset.MinValue))
            index.Mark(0, Start, 1);
        File.AppendAllText(Index, "torn");
        using (TimeLookup lookup = TimeLookup.TryOpen(Index)!)
            Assert.Equal(0, lookup.Advance(default, long.MaxValue).Offset);
        using (TimeIndex index = new(Index, DateTimeOffset.MinValue))
            index.Mark(70, Start.AddSeconds(1), 1);
        using TimeLookup again = TimeLookup.TryOpen(Index)!;
        Assert.Equal(70, again.FirstSince(Start));
    }
}
