using System.Net.Http.Headers;
using ServiceCtl.Engine.Alerts;

namespace ServiceCtl.Tests.Unit.Alerts;

public sealed class RetryAfterTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_receiver_is_left_alone_for_as_long_as_it_asks_by_its_own_clock()
    {
        Assert.Equal(TimeSpan.FromSeconds(7), Of(headers => headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(7))));
        Assert.Equal(TimeSpan.FromSeconds(30), Of(headers => headers.RetryAfter = new RetryConditionHeaderValue(Now.AddSeconds(30))));
        Assert.Null(Of(headers => headers.RetryAfter = new RetryConditionHeaderValue(Now.AddSeconds(-1))));
        Assert.Null(Of(_ => { }));
        Assert.Equal(TimeSpan.FromSeconds(5), Of(headers =>
        {
            headers.Date = Now.AddHours(2);
            headers.RetryAfter = new RetryConditionHeaderValue(Now.AddHours(2).AddSeconds(5));
        }));
    }

    private static TimeSpan? Of(Action<HttpResponseHeaders> fill)
    {
        using var response = new HttpResponseMessage();
        fill(response.Headers);
        return HttpReceiver.RetryAfterOf(response.Headers, new FakeTimeProvider(Now));
    }
}
