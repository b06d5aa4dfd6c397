using System.Diagnostics;
using System.Text.Json;

namespace ServiceCtl.Tests.Integration.Support;

/// <summary>A real SMTP server, aiosmtpd. It takes no mail for <c>nobody@</c>, and that for <c>later@</c> at the second attempt.</summary>
public sealed class MailServer : IDisposable
{
    public const string User = "alerts";
    public const string Password = "canary-of-the-password";

    private const string Program = """
        import asyncio, email, email.policy, json, logging, os, ssl, sys
        from aiosmtpd.smtp import SMTP, AuthResult

        logging.disable()
        security, login, port, folder = sys.argv[1:]


        class Handler:
            later = {"later@example.org"}

            async def handle_RCPT(self, server, session, envelope, address, options):
                if address.startswith("nobody@"):
                    return "550 5.1.1 no such user"
                if address.startswith("hang@"):
                    await asyncio.sleep(3600)
                if address in self.later:
                    self.later.discard(address)
                    return "451 4.7.1 greylisted"
                envelope.rcpt_tos.append(address)
                return "250 OK"

            async def handle_DATA(self, server, session, envelope):
                message = email.message_from_bytes(envelope.content, policy=email.policy.default)
                mail = {"from": envelope.mail_from, "to": envelope.rcpt_tos, "headers": sorted(message.keys()), "id": message["message-id"],
                        "subject": message["subject"], "text": message.get_content(), "login": session.authenticated,
                        "raw": envelope.content.decode("ascii")}
                with open(os.path.join(folder, "mails"), "a") as file:
                    file.write(json.dumps(mail) + "\n")
                return "250 2.0.0 queued as 1"


        def authenticate(server, session, envelope, mechanism, data):
            with open(os.path.join(folder, "logins"), "a") as file:
                file.write(mechanism + "\n")
            return AuthResult(handled=False, success=(data.login, data.password) == (b"alerts", b"canary-of-the-password"))


        async def main():
            context = None
            if security != "none":
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(os.path.join(folder, "cert.pem"), os.path.join(folder, "key.pem"))
            starttls = context if security == "starttls" else None
            handler = Handler()
            options = {"authenticator": authenticate, "auth_required": True} if login == "login" else {}
            await asyncio.get_running_loop().create_server(
                lambda: SMTP(handler, hostname="mail.test", tls_context=starttls, require_starttls=starttls is not None,
                             auth_require_tls=starttls is not None, **options),
                "127.0.0.1", int(port), ssl=context if security == "tls" else None)
            print("ready", flush=True)
            await asyncio.Event().wait()

        asyncio.run(main())
        """;

    private readonly string _folder;
    private readonly Process _process;

    private MailServer(string folder, Process process, int port) => (_folder, _process, Port) = (folder, process, port);

    public int Port { get; }

    /// <summary>What it took, in order.</summary>
    public IReadOnlyList<JsonElement> Mails => [.. LinesOf("mails").Select(line => JsonSerializer.Deserialize<JsonElement>(line))];

    /// <summary>Who tried to log in, by mechanism.</summary>
    public IReadOnlyList<string> Logins => LinesOf("logins");

    /// <param name="folder">Its own; with <see cref="TlsFiles"/> where it speaks TLS.</param>
    /// <param name="security">As the key <c>alerts.mail.smtp.security</c>.</param>
    /// <param name="login">Does it ask for one?</param>
    /// <param name="port">0 for any.</param>
    public static async Task<MailServer> StartAsync(string folder, string security, bool login, int port = 0)
    {
        port = port == 0 ? LocalService.FreePort() : port;
        var process = Process.Start(new ProcessStartInfo(
            "/usr/bin/python3", ["-W", "ignore", "-c", Program, security, login ? "login" : "", $"{port}", folder])
        {
            RedirectStandardOutput = true,
        })!;
        Assert.Equal("ready", await process.StandardOutput.ReadLineAsync());
        return new MailServer(folder, process, port);
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private string[] LinesOf(string name) =>
        Path.Combine(_folder, name) is var file && File.Exists(file) ? File.ReadAllLines(file) : [];
}
