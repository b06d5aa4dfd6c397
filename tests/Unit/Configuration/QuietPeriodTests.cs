using ServiceCtl.Engine.Configuration.Composition;

namespace ServiceCtl.Tests.Unit.Configuration;

public sealed class QuietPeriodTests
{
    private readonly FakeTimeProvider _time = new();
    private int _calls;

    [Fact]
    public void A_burst_is_one_call_after_the_last_of_it()
    {
        using var period = Make();
        for (var signal = 0; signal < 5; signal++)
        {
            period.Signal();
            _time.Advance(TimeSpan.FromMilliseconds(150));
        }

        Assert.Equal(0, _calls);
        _time.Advance(TimeSpan.FromMilliseconds(50));
        Assert.Equal(1, _calls);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, _calls);
    }

    [Fact]
    public void What_never_ends_is_not_waited_for()
    {
        using var period = Make();
        for (var signal = 0; signal < 30; signal++)
        {
            period.Signal();
            _time.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.Equal(1, _calls);
    }

    private QuietPeriod Make() => new(_time, TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(2), () => _calls++);
}
