using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Tests.Unit.Processes;

public sealed class TcpClientsTests
{
    // All times are ages in milliseconds.
    [Theory]
    [InlineData("has sent nothing yet", 5000, 5000, false, false, true)]
    [InlineData("has sent half a header", 5000, 3000, true, false, true)]
    [InlineData("has sent a question with the handshake", 5000, 5000, true, false, true)]
    [InlineData("was answered", 100, 120, true, true, false)]
    [InlineData("asks again", 120, 100, true, true, true)]
    [InlineData("asks again in the tick of the answer", 4, 4, true, true, true)]
    [InlineData("was answered in the tick of the question", 400, 400, true, true, false)]
    [InlineData("gets a stream", 200, 60_000, true, true, true)]
    [InlineData("got a stream that has ended", 1200, 60_000, true, true, false)]
    public void What_was_sent_and_received_tells_whether_a_client_is_owed_something(
        string client, int sent, int received, bool hasReceived, bool hasSent, bool isOwed)
    {
        ClientConnection judged = Judge(sent, received, hasReceived, hasSent);

        Assert.True(judged.IsOwed == isOwed, $"one that {client}");
        Assert.Equal(hasSent, judged.WasAnswered);
        Assert.Equal(Math.Min(sent, received), judged.QuietFor.TotalMilliseconds);
    }

    [Fact]
    public void Who_came_and_left_without_a_word_is_owed_nothing() =>
        Assert.False(Judge(5000, 5000, hasReceived: false, hasSent: false, isOpen: false).IsOwed);

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void What_was_not_read_or_not_delivered_is_owed(bool isUnread, bool isUnsent) =>
        Assert.True(Judge(100, 120, hasReceived: true, hasSent: true, isUnread: isUnread, isUnsent: isUnsent).IsOwed);

    private static ClientConnection Judge(
        int sent, int received, bool hasReceived, bool hasSent, bool isOpen = true, bool isUnread = false, bool isUnsent = false) =>
        TcpClients.Judge(1, isOpen, isUnread, isUnsent, TimeSpan.FromMilliseconds(sent), TimeSpan.FromMilliseconds(received),
            hasReceived, hasSent);
}
