using System.Text;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Alerts;
using ServiceCtl.Engine.Services.Rules;

namespace ServiceCtl.Tests.Unit.Alerts;

public sealed class MailMessageTests
{
    private const string Evil = "web\r\nBcc: evil@example.org\r\n\r\nhello\u2028there";

    [Fact]
    public void No_text_becomes_a_header_a_recipient_or_a_line_of_its_own()
    {
        var mail = MailMessage.Of(Destination(), [Of(Evil, Evil, Evil)], TimeProvider.System);
        var text = Encoding.ASCII.GetString(MailMessage.BytesOf(mail));

        Assert.Empty(mail.Bcc);
        Assert.DoesNotContain("\nBcc", text, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(["ops@example.org"], mail.To.Mailboxes.Select(one => one.Address));
        Assert.Single(mail.TextBody!.TrimEnd().Split('\n'));
    }

    [Fact]
    public void A_subject_may_be_in_any_language_and_long()
    {
        var name = string.Concat(Enumerable.Repeat("служба-", 20));

        var text = Encoding.ASCII.GetString(MailMessage.BytesOf(
            MailMessage.Of(Destination(), [Of("коробка", name, "сообщение")], TimeProvider.System)));

        Assert.All(text.Split('\n'), line => Assert.InRange(line.Length, 0, 78));
        using var read = new MemoryStream(Encoding.ASCII.GetBytes(text));
        var mail = MimeKit.MimeMessage.Load(read, TestContext.Current.CancellationToken);
        Assert.Equal($"[коробка] {name} DOWN", mail.Subject);
        Assert.Contains("сообщение", mail.TextBody!, StringComparison.Ordinal);
    }

    private static AlertDestination Destination() => new()
    {
        Channel = AlertChannel.Mail,
        Url = "/usr/sbin/sendmail",
        Chat = "ops@example.org",
        From = "agent@example.org",
    };

    private static Alert Of(string machine, string service, string message) => new()
    {
        Sequence = 1,
        Time = DateTimeOffset.UnixEpoch,
        Machine = machine,
        Service = service,
        News = AlertNews.Down,
        Level = AlertLevel.Critical,
        Kind = "Crashed",
        Message = message,
    };
}
