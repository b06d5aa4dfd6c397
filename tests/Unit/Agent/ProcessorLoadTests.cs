using ServiceCtl.Engine.Agent;

namespace ServiceCtl.Tests.Unit.Agent;

public sealed class ProcessorLoadTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly ProcessorLoad _load;

    public ProcessorLoadTests()
    {
        _load = new ProcessorLoad(_time);
    }

    [Fact]
    public void The_first_answer_is_the_mean_since_the_launch_and_later_ones_since_the_last_question()
    {
        Assert.Equal(10, Measure(used: 10, uptime: 100));
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(75, Measure(used: 11.5, uptime: 102));
    }

    [Fact]
    public void Two_questions_at_once_get_no_figure_from_a_moment_too_short_for_one()
    {
        Measure(used: 10, uptime: 100);
        _time.Advance(TimeSpan.FromMilliseconds(900));
        Assert.Equal(11, Measure(used: 11, uptime: 100));
        _time.Advance(TimeSpan.FromMilliseconds(1100));

        Assert.Equal(100, Measure(used: 12, uptime: 102));
    }

    [Fact]
    public void Another_generation_begins_anew()
    {
        Measure(used: 10, uptime: 100);
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.Null(Measure(used: 0.1, uptime: 0.5, generation: 2));
        Assert.Equal(5, Measure(used: 0.1, uptime: 2, generation: 2));
    }

    [Fact]
    public void A_helper_that_has_ended_takes_its_time_with_it_and_no_figure_is_below_zero()
    {
        Measure(used: 10, uptime: 100);
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(5, Measure(used: 5, uptime: 100));
    }

    private double? Measure(double used, double uptime, int generation = 1) =>
        _load.Measure("x", generation, TimeSpan.FromSeconds(used), TimeSpan.FromSeconds(uptime));
}
