using System.Diagnostics;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Alerts;

/// <summary>servicectl run tells the same receivers as an agent does, by a process that ends with it.</summary>
public sealed class ForegroundAlertTests : IAsyncDisposable
{
    private readonly Home _home = new();
    private readonly AlertReceivers _receivers = new();

    public async ValueTask DisposeAsync()
    {
        await _home.DisposeAsync();
        await _receivers.DisposeAsync();
    }

    [Fact]
    public async Task A_failure_its_end_and_the_giving_up_are_told_before_it_ends_each_in_its_words()
    {
        _receivers.Start();
        var web = Make("""
            - {match: {exit: 3}, do: restart, retry: {delay: 10ms}, code: MILD, notify: {level: critical, tg: "short {code}", info: "calm"}}
            - {match: {exit: 4}, do: stop, notify: critical, code: GRAVE, text: "{service} needs somebody"}
            """);
        using var process = _home.Start(web.Folder, "run", web.Folder);
        var codes = new Queue<string>(["3", "4"]);
        await FollowAsync(process, line =>
        {
            if (line.Contains("web is ready", StringComparison.Ordinal) && codes.TryDequeue(out var code))
                Write(web, code);
        });

        Assert.Equal(1, process.ExitCode);
        var told = _receivers.TextsOf("telegram").ToArray();
        Assert.Matches(@"^DOWN box web: MILD: short MILD \(.*#\d+\)$", told[0]);
        Assert.Matches(@"^BACK box web: web is ready .*#\d+\)$", told[1]);
        Assert.Matches(@"^DOWN box web: GRAVE: web needs somebody \(.*#\d+\)$", told[2]);
        Assert.Matches("^GIVEN UP box web: ", told[3]);
        Assert.Matches(@"^DOWN box web: MILD: calm \(.*#\d+\)$", _receivers.TextsOf("slack").First());
        Assert.Empty(Senders());
    }

    [Fact]
    public async Task One_that_is_not_ready_in_time_is_told_and_obeys_its_rules_and_a_dead_receiver_holds_it_up_for_seconds_only()
    {
        var late = new LocalService(_home, "late", $$"""
            service:
              runner: command
              command: [sleep, '600']
              ready: {log: never, timeout: 200ms}
              on_failure:
                - {match: {phase: start}, do: restart, retry: {delay: 1ms, factor: 1, give_up: 2 in 10m, then: page} }
                - {name: page, match: {event: given_up}, run: [touch, paged]}
            alerts: {webhook: {critical: {url: "{{_receivers.Url}}/hook"} } }
            """);
        using var process = _home.Start(late.Folder, "run", late.Folder);
        var restarts = 0;
        var begin = Stopwatch.GetTimestamp();

        await FollowAsync(process, line => restarts += line.Contains("is restarted by its rules", StringComparison.Ordinal) ? 1 : 0);

        Assert.Equal((1, 1), (restarts, process.ExitCode));
        Assert.True(File.Exists(Path.Combine(late.Folder, "paged")), "It was given up.");
        Assert.True(Stopwatch.GetElapsedTime(begin) < TimeSpan.FromSeconds(60));
        Assert.Empty(Senders());
        // What nobody took is told by the next one.
        _receivers.Start();
        using var next = _home.Start(late.Folder, "run", late.Folder);
        await FollowAsync(next, _ => { });
        Assert.Contains("\"news\":\"down\"", _receivers.TextsOf("webhook").First(), StringComparison.Ordinal);
    }

    private static async Task FollowAsync(Process process, Action<string> take)
    {
        using var limit = Patience.Begin();
        while (await process.StandardError.ReadLineAsync(limit.Token) is { } line)
            take(line);
        await process.WaitForExitAsync(limit.Token);
    }

    /// <summary>Of this home.</summary>
    private IEnumerable<int> Senders() => Directory.GetDirectories("/proc").Select(Path.GetFileName)
        .Select(name => int.TryParse(name, out var pid) ? pid : 0)
        .Where(pid => pid > 0 && IsSender(pid));

    private bool IsSender(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline").Contains("agent\0alerts", StringComparison.Ordinal)
                && File.ReadAllText($"/proc/{pid}/environ").Contains(_home.Paths.Home, StringComparison.Ordinal);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private LocalService Make(string rules) => new(_home, "web", $$"""
        SERVICE_NAME: web
        service:
          runner: command
          command: [./run.sh]
          ready: {delay: 10ms}
          on_failure:
        {{string.Join('\n', rules.Split('\n').Select(line => $"    {line}"))}}
        alerts:
          {machine_name: box, tg: {url: "{{_receivers.Url}}", critical: {token: "{{AlertReceivers.Token}}", chat_id: -100123} },
            sl: {info: {hook: "{{_receivers.Url}}/services/T0/B0/x"} } }
        """,
        ("run.sh", "#!/bin/sh\nwhile [ ! -e die ]; do sleep 0.1; done\ncode=$(cat die)\nrm die\nexit $code\n"));

    private static void Write(LocalService service, string code)
    {
        var die = Path.Combine(service.Folder, "die");
        File.WriteAllText($"{die}.new", code);
        File.Move($"{die}.new", die);
    }
}
