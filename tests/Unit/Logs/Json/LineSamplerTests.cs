using ServiceCtl.Engine.Logs.Json;

namespace ServiceCtl.Tests.Unit.Logs.Json;

public sealed class LineSamplerTests
{
    [Fact]
    public void The_first_so_many_of_a_second_are_kept_and_then_each_so_many_th()
    {
        var time = new FakeTimeProvider();
        var sampler = new LineSampler(first: 3, thereafter: 5, time);

        var kept = Enumerable.Range(1, 20).Where(_ => sampler.Keeps("flood", out var _)).ToArray();

        Assert.Equal([1, 2, 3, 8, 13, 18], kept);
        Assert.True(sampler.Keeps("another", out var dropped));
        Assert.Equal(2, dropped);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(sampler.Keeps("flood", out dropped));
        Assert.Equal(0, dropped);
    }
}
