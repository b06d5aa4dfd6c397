using System.Globalization;
using MimeKit;
using MimeKit.Text;
using ServiceCtl.Engine.Services.Rules;

namespace ServiceCtl.Engine.Alerts;

/// <summary>Alerts as a mail, whoever takes it.</summary>
internal static class MailMessage
{
    /// <exception cref="ParseException">An address is none.</exception>
    public static MimeMessage Of(AlertDestination destination, IReadOnlyList<Alert> alerts, TimeProvider time)
    {
        var sender = MailboxAddress.Parse(destination.From ?? $"servicectl@{Environment.MachineName}");
        var message = new MimeMessage();
        message.From.Add(sender);
        message.To.AddRange(destination.Chat!.Split(',').Select(MailboxAddress.Parse));
        message.Subject = AlertText.SubjectOf(alerts);
        message.Date = time.GetUtcNow();
        // The same whenever the same is sent again.
        message.MessageId = string.Create(CultureInfo.InvariantCulture, $"{alerts[0].Id}.{alerts.Count}.servicectl@{sender.Domain}");
        message.Headers.Add("Auto-Submitted", "auto-generated");
        message.Body = new TextPart(TextFormat.Plain)
        {
            Text = AlertText.Of(alerts) + "\n",
            ContentTransferEncoding = ContentEncoding.QuotedPrintable,
        };
        return message;
    }

    /// <summary>With the line ends of programs of this host.</summary>
    public static byte[] BytesOf(MimeMessage message)
    {
        var format = FormatOptions.Default.Clone();
        format.NewLineFormat = NewLineFormat.Unix;
        using var bytes = new MemoryStream();
        message.WriteTo(format, bytes);
        return bytes.ToArray();
    }
}
