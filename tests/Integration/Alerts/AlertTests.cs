using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Alerts;

/// <summary>Who is named hears of what happens, from a process of its own, on good days and on bad ones.</summary>
public sealed class AlertTests : IAsyncDisposable
{
    private const string Key = "canary-of-the-key";

    private readonly Home _home = new();
    private readonly AlertReceivers _receivers = new();

    public async ValueTask DisposeAsync()
    {
        await _home.DisposeAsync();
        await _receivers.DisposeAsync();
    }

    [Fact]
    public async Task Down_and_back_are_told_once_each_to_Telegram_and_Slack_and_no_secret_is_seen_anywhere()
    {
        _receivers.Start();
        var web = Of("web", $$"""
            {machine_name: box, tg: {url: "{{_receivers.Url}}", critical: {token: "{{AlertReceivers.Token}}", chat_id: -100123} },
              sl: {info: {hook: "{{_receivers.Url}}/services/T0/B0/x"}, critical: {hook: "{{_receivers.Url}}/services/T0/B0/x"} } }
            """);
        await web.MustAsync(ServiceAction.Start);
        Assert.Null(SenderPid());

        Crash(web);
        await Condition.HoldsAsync(() => Count("telegram") == 2 && Count("slack") == 2, "both were told twice");

        foreach (var way in new[] { "telegram", "slack" })
        {
            Assert.Matches(@"^DOWN box web: web ended without an order \(exit code 3, .*#\d+\)$", _receivers.TextsOf(way).First());
            Assert.Matches(@"^BACK box web: web was started again.*#\d+\)$", _receivers.TextsOf(way).Last());
        }

        var shown = await _home.RunAsync("/", "alerts");
        var json = await _home.RunAsync("/", "alerts", "web", "--json");
        Assert.Contains("web  Telegram -100123  (critical)", shown.Output, StringComparison.Ordinal);
        Assert.Contains($"web  Slack 127.0.0.1:{_receivers.Port}  (info and critical)", shown.Output, StringComparison.Ordinal);
        Assert.Equal([2L, 2L], JsonSerializer.Deserialize<JsonElement>(json.Output).EnumerateArray().Select(one =>
            one.GetProperty("sent").GetInt64()));
        foreach (var text in new[]
        {
            shown.Output, json.Output, await File.ReadAllTextAsync(_home.Paths.Events), await File.ReadAllTextAsync(_home.Paths.AgentLog),
            (await _home.RunAsync("/", "config", "--of", web.Folder, "--json")).Output,
        })
        {
            Assert.DoesNotContain(AlertReceivers.Token, text, StringComparison.Ordinal);
            Assert.DoesNotContain("/services/T0", text, StringComparison.Ordinal);
        }

        // It costs nothing while there is nothing to tell.
        await Condition.HoldsAsync(() => SenderPid() is null, "the sender has ended");
        Crash(web);
        await Condition.HoldsAsync(() => Count("telegram") == 4, "the next one is told by the next sender");
    }

    [Fact]
    public async Task A_receiver_that_is_away_overloaded_broken_off_or_broken_gets_everything_with_the_same_id_and_a_signature()
    {
        var web = Of("web", $$"""{webhook: {critical: {url: "{{_receivers.Url}}/hook", secret: {{Key}} } } }""");
        await web.MustAsync(ServiceAction.Start);
        Crash(web);
        await Condition.HoldsAsync(async () => (await AlertAsync()) is { Waiting: 2, LastError: not null, NextTry: not null }, "it waits");
        Assert.Equal(ServiceState.Running, (await web.StatusAsync()).State);

        foreach (var trouble in new[] { "503", "429", "half" })
            _receivers.Troubles.Enqueue(trouble);
        _receivers.Start();
        await Condition.HoldsAsync(() => Count("webhook") == 2, "both have come");

        var (down, back) = (_receivers.Taken.First(), _receivers.Taken.Last());
        Assert.Equal(["down", "back"], new[] { down, back }.Select(one =>
            JsonSerializer.Deserialize<JsonElement>(one.Text).GetProperty("news").GetString()));
        Assert.Equal(down.Id, JsonSerializer.Deserialize<JsonElement>(down.Text).GetProperty("id").GetString());
        // Every attempt of the first had its id.
        Assert.Equal(4, _receivers.Asked.Count(asked => asked.Id == down.Id));
        Assert.All([down, back], one => Assert.Equal(one.Signature, Signed(one.Signature!, one.Text)));
        await Condition.HoldsAsync(async () => (await AlertAsync()) is { Waiting: 0, LastError: null, Sent: 2 }, "nothing waits");
    }

    [Fact]
    public async Task A_sender_that_is_killed_under_load_loses_nothing_and_no_service_notices()
    {
        const int Services = 8;
        _receivers.Slowness = TimeSpan.FromMilliseconds(150);
        _receivers.Start();
        var services = Enumerable.Range(1, Services)
            .Select(number => Of($"web{number}",
                $$"""{webhook: {critical: {url: "{{_receivers.Url}}/hook", secret: {{Key}} } } }""")).ToList();
        await Task.WhenAll(services.Select(service => service.MustAsync(ServiceAction.Start)));
        foreach (var service in services)
            Crash(service);

        for (var kill = 0; kill < 3; kill++)
        {
            var taken = _receivers.Taken.Count;
            await Condition.HoldsAsync(() => _receivers.Taken.Count > taken, "it goes on");
            if (SenderPid() is { } sender)
                using (var process = System.Diagnostics.Process.GetProcessById(sender))
                    process.Kill();
        }

        await Condition.HoldsAsync(() => _receivers.Taken.Select(one => one.Id).Distinct().Count() == 2 * Services, "all have come");
        Assert.All(
            _receivers.Taken.GroupBy(one => JsonSerializer.Deserialize<JsonElement>(one.Text).GetProperty("service").GetString()),
            of => Assert.Equal(["down", "back"],
                of.Select(one => JsonSerializer.Deserialize<JsonElement>(one.Text).GetProperty("news").GetString()).Distinct()));
        foreach (var service in services)
            Assert.Equal((ServiceState.Running, 2), await StateAsync(service));
    }

    [Fact]
    public async Task The_next_agent_goes_on_where_a_killed_one_has_left_its_alerts()
    {
        var web = Of("web", $$"""{sl: {critical: {hook: "{{_receivers.Url}}/services/T0/B0/x"} } }""");
        await web.MustAsync(ServiceAction.Start);
        Crash(web);
        await Condition.HoldsAsync(async () => (await AlertAsync()) is { Waiting: 2 }, "it waits");

        await _home.KillAgentAsync();
        _receivers.Start();
        await _home.Client.Agent.StartAsync(default);

        await Condition.HoldsAsync(() => Count("slack") == 2, "both have come");
        Assert.Equal(["DOWN", "BACK"], _receivers.TextsOf("slack").Select(text => text.Split(' ')[0]));
    }

    /// <summary>superlance#97: whether mail would come could be seen only when something had failed.</summary>
    [Fact]
    public async Task Superlance97_alerts_can_be_tried_and_say_what_each_receiver_answers()
    {
        _receivers.Start();
        var web = Of("web", $$"""
            {tg: {url: "{{_receivers.Url}}", critical: {token: "{{AlertReceivers.Token.Replace("AAE", "BBE")}}", chat_id: '-100123'} },
              sl: {critical: {hook: "{{_receivers.Url}}/services/T0/B0/x"}, info: {hook: "{{_receivers.Url}}/services/T0/B0/gone"} },
              webhook: {critical: {url: "{{_receivers.Url}}/hang"} } }
            """);
        await web.RegisterAsync();

        var tried = await _home.RunAsync("/", "alerts", "test", "web");

        Assert.Equal(1, tried.Code);
        Assert.Contains("web  Telegram -100123: not delivered, 401 Unauthorized", tried.Output, StringComparison.Ordinal);
        Assert.Contains($"web  Slack 127.0.0.1:{_receivers.Port}: delivered, 200 ok", tried.Output, StringComparison.Ordinal);
        Assert.Contains($"web  Slack 127.0.0.1:{_receivers.Port}: not delivered, 404 no_service", tried.Output, StringComparison.Ordinal);
        Assert.Contains($"web  Webhook 127.0.0.1:{_receivers.Port}: not delivered, no answer within 20 s", tried.Output,
            StringComparison.Ordinal);
        Assert.DoesNotContain("BBExample", tried.Output, StringComparison.Ordinal);
        Assert.Contains("Test alert for web. Nothing has happened.", Assert.Single(_receivers.TextsOf("slack")),
            StringComparison.Ordinal);
        Assert.Null(SenderPid());
    }

    [Fact]
    public async Task Mail_is_given_to_sendmail_as_a_message_and_tried_again_when_it_has_no_room()
    {
        var folder = _home.Folder("mail");
        var sendmail = Path.Combine(folder, "sendmail");
        await File.WriteAllTextAsync(sendmail,
            $"#!/bin/sh\ncd {folder}\n[ -e full ] && {{ rm full; echo queue full >&2; exit 75; }}\necho \"$@\" >>arguments\ncat >>mails\n");
        File.SetUnixFileMode(sendmail, (UnixFileMode)0b111_101_101);
        await File.WriteAllTextAsync(Path.Combine(folder, "full"), "");
        var web = Of("web",
            $$"""{mail: {from: agent@example.org, sendmail: {{sendmail}}, critical: {to: [ops@example.org, two@example.org]} } }""");
        await web.MustAsync(ServiceAction.Start);

        Crash(web);
        await Condition.HoldsAsync(async () => (await AlertAsync()) is { Sent: 2, Destination: "ops@example.org,two@example.org" },
            "both are told");

        Assert.StartsWith("-i -f agent@example.org -- ops@example.org two@example.org\n",
            await File.ReadAllTextAsync(Path.Combine(folder, "arguments")), StringComparison.Ordinal);
        var mails = await File.ReadAllTextAsync(Path.Combine(folder, "mails"));
        Assert.Matches("^From: agent@example.org\nDate: [A-Z][a-z]{2}, ", mails);
        Assert.Contains("\nTo: ops@example.org, two@example.org\n", mails, StringComparison.Ordinal);
        Assert.Contains("\n\nDOWN ", mails, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(folder, "full")));
    }

    /// <summary>sendmail is a program that gains rights, and a sender that nobody needs for mail has none to give.</summary>
    [Fact]
    public async Task A_sender_that_runs_without_rights_makes_room_for_one_with_them_when_mail_comes_in()
    {
        var folder = _home.Folder("mail");
        var (sendmail, found) = (Path.Combine(folder, "sendmail"), Path.Combine(folder, "found"));
        await File.WriteAllTextAsync(sendmail, $"#!/bin/sh\ncat >/dev/null\ngrep NoNewPrivs /proc/self/status >>{found}\n");
        File.SetUnixFileMode(sendmail, (UnixFileMode)0b111_101_101);
        var web = Of("web", $$"""{sl: {critical: {hook: "{{_receivers.Url}}/services/T0/B0/x"} } }""");
        await web.MustAsync(ServiceAction.Start);
        Crash(web);
        await Condition.HoldsAsync(async () => (await AlertAsync()) is { Waiting: 2 }, "it waits");
        var before = SenderPid();
        Assert.NotNull(before);

        var mail = Of("mail", $$"""{mail: {sendmail: {{sendmail}}, critical: {to: [ops@example.org]} } }""");
        await mail.MustAsync(ServiceAction.Start);
        Crash(mail);

        await Condition.HoldsAsync(() => new FileInfo(found) is { Exists: true, Length: > 0 }, "mail is sent");
        Assert.All(await File.ReadAllLinesAsync(found), line => Assert.Contains(line, File.ReadAllLines("/proc/self/status")));
        Assert.NotEqual(before, SenderPid());
    }

    [Theory]
    [InlineData("tg: {info: {token: abc, chat_id: 1}}", "is not the token of a Telegram bot", "BotFather gives it")]
    [InlineData("tg: {info: {token: '123456789:AAExampleOfATokenAsBotFatherGives1'}}", "alerts.tg.info.chat_id", "Write the chat")]
    [InlineData("tg: {info: {token: '123456789:AAExampleOfATokenAsBotFatherGives1', chat_id: my group}}",
        "is not a Telegram chat", "getUpdates")]
    [InlineData("sl: {critical: {hook: 'http://hooks.example.org/x'}}", "is not an https URL", "Without TLS")]
    [InlineData("webhook: {critical: {secret: x}}", "alerts.webhook.critical.url", "Write who takes the alerts")]
    public async Task What_can_not_work_is_found_before_anything_happens_with_its_place_and_remedy(
        string alerts, string fault, string remedy)
    {
        var web = Of("web", $"{{{alerts}}}");

        var check = await _home.RunAsync(web.Folder, "config", "check");

        Assert.Equal(1, check.Code);
        Assert.Matches(@"config\.yaml:\d+:\d+", check.Error + check.Output);
        Assert.Contains(fault, check.Error + check.Output, StringComparison.Ordinal);
        Assert.Contains(remedy, check.Error + check.Output, StringComparison.Ordinal);
    }

    private LocalService Of(string name, string alerts) => new(
        _home, name,
        $$"""
        SERVICE_NAME: {{name}}
        service:
          runner: command
          command: [./run.sh]
          ready: {delay: 10ms}
          restart: {delay: 100ms}
        alerts:
          {{alerts}}
        """,
        ("run.sh", "#!/bin/sh\nwhile [ ! -e die ]; do sleep 0.1; done\nrm die\nexit 3\n"));

    private static void Crash(LocalService service) => File.WriteAllText(Path.Combine(service.Folder, "die"), "");

    private int Count(string way) => way == "webhook"
        ? _receivers.Taken.Count(one => one.Way == way) : _receivers.TextsOf(way).Count();

    private async Task<PyServiceAlert> AlertAsync() => Assert.Single(await _home.Client.Alerts.GetAsync(["web"], default));

    private static async Task<(ServiceState, int)> StateAsync(LocalService service) =>
        await service.StatusAsync() is var status ? (status.State, status.Generation) : default;

    /// <summary>Of this home's agent.</summary>
    private int? SenderPid()
    {
        foreach (var pid in ProcFs.Pids())
        {
            try
            {
                if (File.ReadAllText($"/proc/{pid}/cmdline").Contains("\0agent\0alerts", StringComparison.Ordinal)
                    && File.ReadAllText($"/proc/{pid}/environ").Contains($"SERVICECTL_HOME={_home.Paths.Home}", StringComparison.Ordinal))
                    return pid;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // It has ended.
            }
        }

        return null;
    }

    private static string Signed(string signature, string body)
    {
        var time = signature.Split(',')[0];
        var hash = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Key), Encoding.UTF8.GetBytes($"{time[2..]}.{body}"));
        return $"{time},v1={Convert.ToHexStringLower(hash)}";
    }
}
