using ServiceCtl.Contracts;
using ServiceCtl.Engine.Agent;
using ServiceCtl.Engine.Logs.Relog;

namespace ServiceCtl.Tests.Unit.Agent;

public sealed class ExceptionEventsTests
{
    private readonly SetClock _time = new(new DateTimeOffset(2026, 5, 1, 10, 0, 0, TimeSpan.Zero));
    private readonly List<ServiceEvent> _reported = [];
    private readonly ExceptionEvents _events;

    public ExceptionEventsTests()
    {
        _events = new ExceptionEvents("web", _time, _reported.Add);
    }

    [Fact]
    public void A_storm_of_one_exception_is_told_at_its_1st_10th_100th_1000th()
    {
        ExceptionGroup group = Group("ValueError");
        for (int count = 1; count <= 2500; count++)
        {
            group.Total = count;
            Look(group);
        }

        Assert.Equal(["1", "10", "100", "1000"], _reported.Select(told => told.Message.Split('(')[1].Split(' ')[0]));
        Assert.All(_reported, told => Assert.Equal(("web", ServiceEventKind.Exception), (told.Service, told.Kind)));
    }

    [Fact]
    public void What_comes_again_after_an_hour_is_told_again()
    {
        ExceptionGroup group = Group("ValueError", 1);
        Look(group);
        group.Total = 2;
        Look(group);
        Assert.Single(_reported);
        _time.Advance(TimeSpan.FromHours(1));
        Look(group);
        Assert.Single(_reported);
        group.Total = 3;
        Look(group);
        Assert.Equal(2, _reported.Count);
    }

    [Fact]
    public void What_was_there_before_is_not_told()
    {
        ExceptionGroup group = Group("ValueError", 7);
        _events.Know([group]);
        Look(group);
        Assert.Empty(_reported);
    }

    [Fact]
    public void A_storm_of_different_exceptions_is_told_as_one()
    {
        for (int i = 0; i < 50; i++)
            Look(Group($"Error{i}", 1));
        Assert.Equal(11, _reported.Count);
        Assert.Contains("relog lists all of them", _reported[^1].Message, StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromMinutes(1));
        Look(Group("Later", 1));
        Assert.StartsWith("Later", _reported[^1].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void A_clock_that_is_set_silences_nothing_and_repeats_nothing(int days)
    {
        ExceptionGroup group = Group("ValueError", 1);
        Look(group);
        for (int i = 0; i < 50; i++)
            Look(Group($"Error{i}", 1));
        Assert.Equal(11, _reported.Count);

        _time.Set(TimeSpan.FromDays(days));
        group.Total = 2;
        Look(group, Group("Within the minute", 1));
        Assert.Equal(11, _reported.Count);

        _time.Advance(TimeSpan.FromHours(1));
        group.Total = 3;
        Look(group, Group("Later", 1));
        Assert.Equal(13, _reported.Count);
    }

    [Fact]
    public void After_the_results_were_emptied_the_first_one_is_told_again()
    {
        ExceptionGroup group = Group("ValueError", 5);
        Look(group);
        group.Total = 1;
        Look(group);
        Assert.Equal(2, _reported.Count);
    }

    private void Look(params ExceptionGroup[] groups) => _events.Look(groups, text => text);

    private static ExceptionGroup Group(string type, long total = 0) =>
        new() { Key = type, Type = type, Place = "a.py:1 in f", Total = total };
}
