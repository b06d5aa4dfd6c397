using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Alerts;

/// <summary>What rules for failures have to do with alerts.</summary>
public sealed class AlertLevelTests : IAsyncDisposable
{
    private readonly Home _home = new();
    private readonly AlertReceivers _receivers = new();

    public async ValueTask DisposeAsync()
    {
        await _home.DisposeAsync();
        await _receivers.DisposeAsync();
    }

    /// <summary>supervisor#1627, #157: nobody heard that a service had come to its last state.</summary>
    [Fact]
    public async Task Supervisor1627_the_last_state_is_told_and_a_rule_says_how_urgent_that_is_with_its_code_and_text()
    {
        _receivers.Start();
        var web = new LocalService(_home, "web", $$"""
            SERVICE_NAME: web
            service:
              runner: command
              command: [./run.sh]
              ready: {delay: 10ms}
              restart: {delay: 100ms}
              on_failure:
                - {match: {exit: 3}, do: restart, retry: {delay: 10ms}, notify: info, code: MILD, text: "{service} ended: {cause}"}
                - {match: {exit: 4}, do: stop, notify: critical, code: GRAVE, text: "{service} needs somebody"}
            alerts:
              {machine_name: box, tg: {url: "{{_receivers.Url}}", critical: {token: "{{AlertReceivers.Token}}", chat_id: -100123} },
                sl: {info: {hook: "{{_receivers.Url}}/services/T0/B0/x"} } }
            """,
            ("run.sh", "#!/bin/sh\nwhile [ ! -e die ]; do sleep 0.1; done\ncode=$(cat die)\nrm die\nexit $code\n"));
        await web.MustAsync(ServiceAction.Start);

        await EndAsync(web, "3");
        await Condition.HoldsAsync(() => _receivers.TextsOf("slack").Count() == 2, "info is told to Slack");
        Assert.Empty(_receivers.TextsOf("telegram"));
        await EndAsync(web, "4");
        await Condition.HoldsAsync(() => _receivers.TextsOf("telegram").Count() == 2, "critical is told to Telegram");

        Assert.Matches(@"^DOWN box web: MILD: web ended: exit code 3.*#\d+\)$", _receivers.TextsOf("slack").First());
        Assert.Matches(@"^DOWN box web: .*#\d+\)$", _receivers.TextsOf("telegram").First());
        Assert.Matches(@"^GIVEN UP box web: GRAVE: web needs somebody.*#\d+\)$", _receivers.TextsOf("telegram").Last());
    }

    private static async Task EndAsync(LocalService service, string code)
    {
        var die = Path.Combine(service.Folder, "die");
        await File.WriteAllTextAsync($"{die}.new", code);
        File.Move($"{die}.new", die);
    }
}
