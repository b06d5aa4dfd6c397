using System.Globalization;
using ServiceCtl.Engine.Scheduling;
using ServiceCtl.Engine.Services.Keys;

namespace ServiceCtl.Tests.Unit.Scheduling;

public sealed class TimetableTests
{
    [Fact]
    public void Nothing_is_due_before_its_time_and_it_is_done_once_at_it()
    {
        var table = Of("0 * * * *", "UTC");
        var next = table.After(At("2026-11-30T10:20:00Z"));

        Assert.Equal(At("2026-11-30T11:00:00Z"), next);
        Assert.Equal(new TimetableLook(null, 0, null, next), table.Look(next, At("2026-11-30T10:20:00Z"), At("2026-11-30T10:59:59Z")));
        var look = table.Look(next, At("2026-11-30T10:59:59Z"), At("2026-11-30T11:00:00Z"));
        Assert.Equal(new TimetableLook(next, 0, null, At("2026-11-30T12:00:00Z")), look);
        Assert.Null(table.Look(look.Next, At("2026-11-30T11:00:00Z"), At("2026-11-30T11:00:01Z")).Due);
    }

    [Fact]
    public void What_falls_into_the_hour_that_is_left_out_comes_right_after_it()
    {
        var table = Of("30 2 * * *", "Europe/Berlin");

        // On 29 March 2026, 2:00 is 3:00.
        Assert.Equal(At("2026-03-29T01:00:00Z"), table.After(At("2026-03-28T12:00:00Z")));
        Assert.Equal(At("2026-03-30T00:30:00Z"), table.After(At("2026-03-29T01:00:00Z")));
    }

    [Fact]
    public void What_falls_into_the_hour_that_comes_twice_is_done_once_unless_it_recurs_within_the_hour()
    {
        // On 25 October 2026, 3:00 is 2:00 once more.
        var daily = Of("30 2 * * *", "Europe/Berlin");
        Assert.Equal([At("2026-10-25T00:30:00Z"), At("2026-10-26T01:30:00Z")], Times(daily, "2026-10-24T12:00:00Z", 2));
        var often = Of("*/30 * * * *", "Europe/Berlin");
        Assert.Equal(
            [At("2026-10-25T00:00:00Z"), At("2026-10-25T00:30:00Z"), At("2026-10-25T01:00:00Z"), At("2026-10-25T01:30:00Z")],
            Times(often, "2026-10-24T23:45:00Z", 4));
    }

    [Fact]
    public void What_a_sleeping_machine_has_missed_is_counted_and_not_done_late()
    {
        var table = Of("*/10 * * * *", "UTC");

        var look = table.Look(At("2026-11-30T10:10:00Z"), At("2026-11-30T10:01:00Z"), At("2026-11-30T10:45:00Z"));

        Assert.Equal(new TimetableLook(null, 4, At("2026-11-30T10:10:00Z"), At("2026-11-30T10:50:00Z")), look);
    }

    [Fact]
    public void One_whose_time_is_now_is_done_when_the_machine_wakes_at_it()
    {
        var table = Of("*/10 * * * *", "UTC");

        var look = table.Look(At("2026-11-30T10:10:00Z"), At("2026-11-30T10:01:00Z"), At("2026-11-30T10:40:05Z"));

        Assert.Equal(new TimetableLook(At("2026-11-30T10:40:00Z"), 3, At("2026-11-30T10:10:00Z"), At("2026-11-30T10:50:00Z")), look);
    }

    [Fact]
    public void A_busy_machine_that_is_seconds_late_has_missed_nothing()
    {
        var look = Of("* * * * * *", "UTC").Look(At("2026-11-30T10:00:00Z"), At("2026-11-30T09:59:59Z"), At("2026-11-30T10:00:30Z"));

        Assert.Equal((At("2026-11-30T10:00:30Z"), 0), (look.Due, look.Missed));
    }

    [Fact]
    public void A_clock_that_is_corrected_backwards_repeats_nothing()
    {
        var table = Of("0 * * * *", "UTC");

        var look = table.Look(At("2026-11-30T12:00:00Z"), At("2026-11-30T11:30:00Z"), At("2026-11-30T10:30:00Z"));

        Assert.Equal(new TimetableLook(null, 0, null, At("2026-11-30T12:00:00Z")), look);
    }

    [Fact]
    public void A_clock_that_was_wrong_by_years_does_not_hold_anything_up_for_years()
    {
        var look = Of("0 * * * *", "UTC").Look(At("2036-01-01T12:00:00Z"), At("2036-01-01T11:30:00Z"), At("2026-11-30T10:30:00Z"));

        Assert.Equal(new TimetableLook(null, 0, null, At("2026-11-30T11:00:00Z")), look);
    }

    [Fact]
    public void Years_of_missed_seconds_are_counted_within_bounds()
    {
        var look = Of("* * * * * *", "UTC").Look(At("2016-01-01T00:00:00Z"), At("2016-01-01T00:00:00Z"), At("2026-11-30T10:30:00Z"));

        Assert.Equal((86_400, At("2026-11-30T10:30:01Z")), (look.Missed, look.Next));
    }

    private static Timetable Of(string cron, string zone) => new(new ScheduleRule { Name = "x", Cron = cron, TimeZone = zone });

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private static List<DateTimeOffset> Times(Timetable table, string from, int count)
    {
        var times = new List<DateTimeOffset>();
        for (var at = At(from); times.Count < count;)
            times.Add(at = table.After(at)!.Value);
        return times;
    }
}
