using System.Diagnostics;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Alerts;

/// <summary>Alerts by SMTP, on a real server.</summary>
public sealed class MailServerTests : IAsyncDisposable
{
    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Theory]
    [InlineData("starttls")]
    [InlineData("tls")]
    public async Task Down_and_back_come_by_mail_over_TLS_with_a_login_and_nobody_sees_the_password(string security)
    {
        var folder = _home.Folder("mail");
        TlsFiles.Write(folder, "localhost");
        using var server = await MailServer.StartAsync(folder, security, login: true);
        var web = Of(server.Port, $$"""security: {{security}}, user: {{MailServer.User}}, password: {{MailServer.Password}}""",
            "from: agent@example.org, critical: {to: [ops@example.org, two@example.org]}");
        using var agent = await RunAgentAsync(folder);
        await web.MustAsync(ServiceAction.Start);

        var tried = await _home.RunAsync("/", "alerts", "test", "web");
        Crash(web);
        string[] addresses = ["ops@example.org", "two@example.org"];
        await Condition.HoldsAsync(() => addresses.All(address => LinesFor(server, address).Count == 3), "each gets all three");

        Assert.Equal(0, tried.Code);
        Assert.Contains("web  Mail ops@example.org: delivered, 2.0.0 queued as 1", tried.Output, StringComparison.Ordinal);
        foreach (var address in addresses)
        {
            Assert.Equal(["TEST", "DOWN", "BACK"], LinesFor(server, address).Select(line => line.Split(' ')[0]));
            Assert.Matches(@"^DOWN Kühlschrank web: web ended without an order \(exit code 3, .*#\d+\)$", LinesFor(server, address)[1]);
        }

        Assert.Equal(2, server.Mails.Count(mail => mail.GetProperty("subject").GetString() == "[Kühlschrank] web TEST"));
        Assert.All(server.Mails, mail =>
        {
            Assert.Equal("agent@example.org", mail.GetProperty("from").GetString());
            Assert.Single(mail.GetProperty("to").EnumerateArray());
            Assert.StartsWith("[Kühlschrank] ", mail.GetProperty("subject").GetString(), StringComparison.Ordinal);
            Assert.Matches(@"^<[0-9a-f]{32}\.\d\.servicectl@example\.org>$", mail.GetProperty("id").GetString());
        });
        foreach (var text in new[]
        {
            tried.Output, await File.ReadAllTextAsync(_home.Paths.AgentLog), await File.ReadAllTextAsync(_home.Paths.Events),
            (await _home.RunAsync("/", "alerts", "--json")).Output,
            (await _home.RunAsync("/", "config", "--of", web.Folder, "--json")).Output,
        })
        {
            Assert.DoesNotContain(MailServer.Password, text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_server_with_an_unknown_authority_gets_neither_password_nor_mail_until_the_agent_knows_it()
    {
        var folder = _home.Folder("mail");
        TlsFiles.Write(folder, "localhost");
        using var server = await MailServer.StartAsync(folder, "starttls", login: true);
        var web = Of(server.Port, $"user: {MailServer.User}, password: {MailServer.Password}", "critical: {to: ops@example.org}");
        await web.MustAsync(ServiceAction.Start);

        var tried = await _home.RunAsync("/", "alerts", "test", "web");
        Crash(web);
        await Condition.HoldsAsync(
            async () => await AlertAsync("ops@example.org") is { Waiting: 2, LastError: not null, NextTry: not null }, "it waits");

        Assert.Equal(1, tried.Code);
        Assert.Contains("not delivered, this host does not know the authority of the receiver's certificate", tried.Output,
            StringComparison.Ordinal);
        Assert.Contains("SSL_CERT_FILE in the agent's environment", tried.Output, StringComparison.Ordinal);
        Assert.Empty(server.Logins);
        Assert.Empty(server.Mails);

        await _home.KillAgentAsync();
        using var agent = await RunAgentAsync(folder);
        await Condition.HoldsAsync(() => server.Mails.Count > 0, "it is sent");
        await Condition.HoldsAsync(
            async () => await AlertAsync("ops@example.org") is { Waiting: 0, LastError: null, Sent: 2 }, "all are sent");
    }

    [Fact]
    public async Task An_address_that_is_refused_or_delayed_holds_up_no_other_and_a_wrong_password_waits_for_the_right_one()
    {
        var folder = _home.Folder("mail");
        using var server = await MailServer.StartAsync(folder, "none", login: true);
        var web = Of(server.Port, $$"""security: none, user: {{MailServer.User}}, password: wrong-password""",
            "critical: {to: [ops@example.org, later@example.org, nobody@example.org]}");
        await web.MustAsync(ServiceAction.Start);
        Assert.Contains("not delivered, the login was refused: 535", (await _home.RunAsync("/", "alerts", "test", "web")).Output,
            StringComparison.Ordinal);

        web.Replace("config.yaml", "wrong-password", MailServer.Password);
        await web.MustAsync(ServiceAction.Restart);
        Crash(web);
        await Condition.HoldsAsync(async () => await AlertAsync("later@example.org") is { Sent: 2, Waiting: 0 }
            && await AlertAsync("ops@example.org") is { Sent: 2, Waiting: 0 }, "both are told");
        await Condition.HoldsAsync(
            async () => await AlertAsync("nobody@example.org") is { Waiting: 2, LastError: not null }, "one is not");

        Assert.StartsWith("550 5.1.1 no such user", (await AlertAsync("nobody@example.org")).LastError, StringComparison.Ordinal);
        Assert.All(server.Mails.GroupBy(mail => mail.GetProperty("to")[0].GetString()), mine =>
            Assert.Equal(mine.Count(), mine.Select(mail => mail.GetProperty("id").GetString()).Distinct().Count()));
    }

    [Theory]
    [InlineData("smtp: {port: 25}", "`alerts.mail.smtp.host` is missing", "Write the mail server")]
    [InlineData("smtp: {host: mail.example.org}, sendmail: /usr/sbin/sendmail", "`alerts.mail.smtp` are both set", "Take one of them away")]
    [InlineData("smtp: {host: mail.example.org, user: me}", "`alerts.mail.smtp.password` is missing", "take `user` away")]
    [InlineData("smtp: {host: mail.example.org, user: me, password: x, security: none}", "could read the password", "Write `starttls`")]
    [InlineData("smtp: {host: 'mail.example.org:25'}", "is not a host's name or address", "alerts.mail.smtp.port")]
    public async Task What_can_not_work_is_found_before_anything_happens(string mail, string fault, string remedy)
    {
        var web = Of("mail: {" + mail + ", critical: {to: ops@example.org}}");

        var check = await _home.RunAsync(web.Folder, "config", "check");

        Assert.Equal(1, check.Code);
        Assert.Matches(@"config\.yaml:\d+:\d+", check.Error + check.Output);
        Assert.Contains(fault, check.Error + check.Output, StringComparison.Ordinal);
        Assert.Contains(remedy, check.Error + check.Output, StringComparison.Ordinal);
    }

    private LocalService Of(int port, string smtp, string mail) =>
        Of($$"""machine_name: Kühlschrank, mail: {smtp: {host: localhost, port: {{port}}, {{smtp}}}, {{mail}}}""");

    private LocalService Of(string alerts) => new(
        _home, "web",
        $$"""
        SERVICE_NAME: web
        service:
          runner: command
          command: [./run.sh]
          ready: {delay: 10ms}
          restart: {delay: 100ms}
        alerts: { {{alerts}} }
        """,
        ("run.sh", "#!/bin/sh\nwhile [ ! -e die ]; do sleep 0.1; done\nrm die\nexit 3\n"));

    private Task<Process> RunAgentAsync(string folder) =>
        _home.RunAgentAsync(new Dictionary<string, string> { ["SSL_CERT_FILE"] = Path.Combine(folder, "ca.pem") });

    /// <summary>The alerts that one got, in order, however many came in one mail.</summary>
    private static List<string> LinesFor(MailServer server, string address) =>
    [
        .. server.Mails.Where(mail => mail.GetProperty("to")[0].GetString() == address)
            .SelectMany(mail => mail.GetProperty("text").GetString()!.Trim().ReplaceLineEndings("\n").Split('\n')),
    ];

    private static void Crash(LocalService service) => File.WriteAllText(Path.Combine(service.Folder, "die"), "");

    private async Task<PyServiceAlert> AlertAsync(string address) =>
        Assert.Single(await _home.Client.Alerts.GetAsync(["web"], default), alert => alert.Destination == address);
}
