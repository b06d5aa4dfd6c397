using System.Globalization;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Alerts;
using ServiceCtl.Engine.Services.Rules;

namespace ServiceCtl.Tests.Unit.Alerts;

public sealed class HttpReceiverTests
{
    /// <summary>It would be sent again and again.</summary>
    [Theory]
    [InlineData("text/plain; charset=nonsense", 3)]
    [InlineData("text/plain; charset=utf-7", 3)]
    [InlineData("no type at all", 3)]
    [InlineData("text/html", 300_000)]
    public async Task What_was_taken_was_sent_whatever_is_said_to_it(string type, int length)
    {
        await using var hook = new FakeHook
        {
            Answer = string.Create(CultureInfo.InvariantCulture,
                $"HTTP/1.1 200 OK\r\nContent-Type: {type}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n")
                + new string('\xe9', length),
        };

        var answer = await SendAsync(hook);

        Assert.Equal(AlertOutcome.Delivered, answer.Outcome);
        Assert.StartsWith("200 ", answer.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_breaks_off_is_none()
    {
        await using var hook = new FakeHook
        {
            Answer = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\nConnection: close\r\n\r\nok",
        };

        Assert.Equal(AlertOutcome.Later, (await SendAsync(hook)).Outcome);
    }

    private static async Task<AlertAnswer> SendAsync(FakeHook hook)
    {
        using var receiver = new SlackReceiver(
            new AlertDestination
            {
                Channel = AlertChannel.Slack,
                Url = hook.Url,
            },
            TimeProvider.System);
        return await receiver.SendAsync(
            [
                new Alert
                {
                    Sequence = 1,
                    Time = DateTimeOffset.UnixEpoch,
                    Machine = "box",
                    Service = "web",
                    News = AlertNews.Down,
                    Level = AlertLevel.Critical,
                    Kind = "Crashed",
                    Message = "message",
                },
            ],
            TestContext.Current.CancellationToken);
    }
}
