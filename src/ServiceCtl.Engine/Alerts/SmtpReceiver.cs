using System.Globalization;
using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Composition;
using ServiceCtl.Engine.Health;
using ServiceCtl.Engine.Services.Keys;
using ServiceCtl.Engine.Services.Rules;

namespace ServiceCtl.Engine.Alerts;

/// <summary>Mail, given to a mail server.</summary>
internal sealed class SmtpReceiver(AlertDestination destination, TimeProvider time) : IAlertReceiver
{
    private const int LongestWords = 300;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan FarewellLimit = TimeSpan.FromSeconds(2);

    private readonly SecretMask _mask = SecretMask.Of(destination.Secrets);

    public int MostTogether => 50;

    public TimeSpan Pace => TimeSpan.FromSeconds(5);

    public async Task<AlertAnswer> SendAsync(IReadOnlyList<Alert> alerts, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Limit);
        try
        {
            return Said(AlertOutcome.Delivered, await GiveAsync(MailMessage.Of(destination, alerts, time), limit.Token));
        }
        catch (Exception error) when (error is OperationCanceledException or TimeoutException)
        {
            return Said(AlertOutcome.Later,
                cancellation.IsCancellationRequested ? "withdrawn" : $"no answer within {Limit.TotalSeconds:0} s");
        }
        catch (SmtpCommandException error)
        {
            return OfCommand(error);
        }
        catch (AuthenticationException error)
        {
            return error.InnerException is SmtpCommandException { StatusCode: var status } && IsPassing(status)
                ? Said(AlertOutcome.Later, error.Message) : Said(AlertOutcome.Parked, $"the login was refused: {error.Message}");
        }
        catch (ServiceNotAuthenticatedException)
        {
            return Said(AlertOutcome.Parked, "the server asks for a login: set `alerts.mail.smtp.user` and `password`");
        }
        catch (NotSupportedException error)
        {
            return Said(AlertOutcome.Parked, error.Message);
        }
        catch (ParseException error)
        {
            return Said(AlertOutcome.Parked, $"an address can't be used: {error.Message}");
        }
        catch (Exception error) when (error is SslHandshakeException or ProtocolException or IOException or SocketException
            or HttpRequestException or ServiceNotConnectedException or InvalidOperationException)
        {
            return Said(AlertOutcome.Later, ProbeTls.Bottom(error).Message);
        }
    }

    public void Dispose()
    {
        // Each message has a connection of its own.
    }

    /// <returns>The server's words.</returns>
    private async Task<string> GiveAsync(MimeMessage message, CancellationToken cancellation)
    {
        if (destination.Security != MailSecurity.None)
            ProbeTls.RequireLibrary();
        using var client = new SmtpClient();
        client.Timeout = (int)Limit.TotalMilliseconds;
        client.CheckCertificateRevocation = false;
        client.ServerCertificateValidationCallback = ReceiverTls.Verify;
        var server = new Uri(destination.Url);
        await client.ConnectAsync(server.IdnHost, server.Port, destination.Security switch
        {
            MailSecurity.Tls => SecureSocketOptions.SslOnConnect,
            MailSecurity.Starttls => SecureSocketOptions.StartTls,
            _ => SecureSocketOptions.None,
        }, cancellation);
        if (destination.Login is { } login)
            await client.AuthenticateAsync(login, destination.Secret!, cancellation);
        var words = await client.SendAsync(message, cancellation);
        await EndAsync(client);
        return words;
    }

    /// <summary>The message was taken: nothing that goes wrong from here on may have it sent again.</summary>
    private static async Task EndAsync(SmtpClient client)
    {
        using var limit = new CancellationTokenSource(FarewellLimit);
        try
        {
            await client.DisconnectAsync(quit: true, limit.Token);
        }
        catch (Exception error) when (error is OperationCanceledException or ProtocolException or CommandException or IOException
            or SocketException or InvalidOperationException)
        {
            // It closes with the client.
        }
    }

    private AlertAnswer OfCommand(SmtpCommandException error) => Said(
        error switch
        {
            _ when IsPassing(error.StatusCode) => AlertOutcome.Later,
            { ErrorCode: SmtpErrorCode.MessageNotAccepted } => AlertOutcome.Refused,
            _ => AlertOutcome.Parked,
        },
        string.Create(CultureInfo.InvariantCulture, $"{(int)error.StatusCode} {error.Message}"));

    private static bool IsPassing(SmtpStatusCode status) => (int)status is >= 400 and < 500;

    private AlertAnswer Said(AlertOutcome outcome, string words)
    {
        var shown = VisibleText.Of(_mask.MaskText(words.ReplaceLineEndings(" ").Trim()));
        return new AlertAnswer(outcome, AlertText.Cut(shown, LongestWords).TrimEnd('.'));
    }
}
