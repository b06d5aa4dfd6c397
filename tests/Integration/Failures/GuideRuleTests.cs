using System.Net;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Failures;

/// <summary>The rules of docs/guide/failures.md as they are written there, on real processes.</summary>
public sealed class GuideRuleTests : IAsyncDisposable
{
    private const string Page = "/usr/local/bin/page";

    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Fact]
    public async Task A_wrong_configuration_is_answered_and_somebody_is_paged()
    {
        var service = Make("conf");
        service.Write("start", "78");

        await service.OrderAsync(ServiceAction.Start);

        var failure = (await service.StatusAsync()).Failure!;
        Assert.Equal(("bad-config", "CFG-1", "critical"), (failure.Rule, failure.Code, failure.Notify));
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri($"http://127.0.0.1:{service.Port}/"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("CFG-1: conf is misconfigured", await answer.Content.ReadAsStringAsync());
        await service.HasPrintedAsync("paged");
        var paged = (await RuledService.FailuresAsync(_home, "conf"))[^1];
        Assert.Equal(("page", "PAGE"), (paged.Rule, paged.Code));
        Assert.StartsWith("conf needs somebody: exit code 78", paged.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Work_that_is_done_is_no_failure()
    {
        var service = Make("done");
        await service.MustAsync(ServiceAction.Start);

        service.Write("end", "0");
        await _home.Client.Services.WaitAsync("done", ServiceState.Stopped, Patience.Limit, CancellationToken.None);

        Assert.Empty(await RuledService.FailuresAsync(_home, "done"));
    }

    [Fact]
    public async Task The_fifth_exception_is_recorded_and_for_the_third_line_what_can_not_load_its_code_again_is_replaced()
    {
        var service = Make("says");
        await service.MustAsync(ServiceAction.Start);
        var pid = (await service.StatusAsync()).Pid;

        await SayAsync(service, string.Join('\n', Enumerable.Repeat(RuledService.Traceback("sqlalchemy.exc.OperationalError"), 5)));
        await Condition.HoldsAsync(async () => (await RuledService.FailuresAsync(_home, "says")).Count == 1, "it is recorded");
        var recorded = (await RuledService.FailuresAsync(_home, "says"))[0];
        Assert.Equal(("record, none", pid), (recorded.Action, (await service.StatusAsync()).Pid));

        await SayAsync(service, string.Join('\n', Enumerable.Repeat("OSError: [Errno 24] Too many open files", 3)));
        await service.IsBackAsync(pid);
        Assert.Equal("replace_instance", (await RuledService.FailuresAsync(_home, "says"))[^1].Action);
    }

    [Fact]
    public async Task Whoever_does_not_answer_is_replaced()
    {
        var service = Make("sick", "health: {http: /health, interval: 50ms, failures: 2}");
        await service.MustAsync(ServiceAction.Start);
        var pid = (await service.StatusAsync()).Pid;

        service.Write("sick", "");
        await Condition.HoldsAsync(
            async () => (await RuledService.FailuresAsync(_home, "sick")).Any(failure => failure.Action == "replace_instance"),
            "it is noticed");
        File.Delete(Path.Combine(service.Folder, "sick"));

        await service.IsBackAsync(pid);
    }

    [Fact]
    public async Task Another_service_takes_its_place()
    {
        await new LocalService(_home, "web-spare", """
            service: {runner: command, command: [sleep, '600'], ready: {delay: 10ms}}
            """).RegisterAsync();
        var service = Make("web");
        await service.MustAsync(ServiceAction.Start);

        service.Write("end", "9");

        await _home.Client.Services.WaitAsync("web-spare", ServiceState.Running, Patience.Limit, CancellationToken.None);
    }

    [Fact]
    public async Task Want_of_memory_waits_longer_and_the_rules_of_the_host_do_the_same()
    {
        Directory.CreateDirectory(_home.Paths.Home, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await File.WriteAllTextAsync(_home.Paths.HostRules, Example(2));
        await MakeAndTryAsync(Make("hungry"), "#3: restart in ");
        var plain = new LocalService(_home, "plain", "service: {runner: command, command: [sleep, '600']}");
        await plain.RegisterAsync();
        await MakeAndTryAsync(plain, "#1: restart in 60 s");
    }

    [Fact]
    public async Task Each_destination_gets_its_own_code_and_text()
    {
        var rules = Example(1).Split("on_failure:\n", 2)[1].TrimEnd().Replace("\n    ", "\n", StringComparison.Ordinal).Trim();
        var shop = new RuledService(_home, "shop", rules);
        await shop.MustAsync(ServiceAction.Start);

        await SayAsync(shop, string.Join('\n', Enumerable.Repeat(RuledService.Traceback("ValueError").Replace(
            "/srv/app.py", Path.Combine(shop.Folder, "shop/payments/card.py"), StringComparison.Ordinal), 3)));
        await Condition.HoldsAsync(async () => (await RuledService.FailuresAsync(_home, "shop")).Count == 1, "it is recorded");
        shop.Write("end", "1");
        await _home.Client.Services.WaitAsync("shop", ServiceState.Failed, Patience.Limit, CancellationToken.None);

        var failures = await RuledService.FailuresAsync(_home, "shop");
        Assert.Equal(("PAY-7", "ValueError in shop.payments.card", "critical"), (failures[0].Code, failures[0].Text, failures[0].Notify));
        Assert.Equal("P1: shop: payments fail with ValueError", TextFor(AlertLevel.Critical, null));
        Assert.Equal("PAY-7: Payments are slow, we are on it.", TextFor(AlertLevel.Info, null));
        Assert.Equal("PAY-7: PAY-7 shop", TextFor(null, AlertChannel.Telegram));
        Assert.True(File.Exists(Path.Combine(_home.Paths.ServiceLogs("shop"), "failures.log")));
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri($"http://127.0.0.1:{shop.Port}/"));
        Assert.Equal("""{"error": "E503"}""", await answer.Content.ReadAsStringAsync());

        string TextFor(AlertLevel? level, AlertChannel? channel)
        {
            var notice = failures[0].Notices.First(one => one.Level == level && one.Channel == channel);
            return $"{notice.Code}: {notice.Text}";
        }
    }

    private async Task MakeAndTryAsync(LocalService service, string words)
    {
        await service.RegisterAsync();
        var told = await _home.RunAsync(service.Folder, "failures", "test", service.Name, "--oom");
        Assert.Contains(words, told.Output, StringComparison.Ordinal);
    }

    private RuledService Make(string name, string more = "")
    {
        var rules = Example(0).Split("on_failure:\n", 2)[1].TrimEnd();
        Assert.Contains(Page, rules, StringComparison.Ordinal);
        var service = new RuledService(_home, name, rules.Replace("\n    ", "\n", StringComparison.Ordinal).Trim(), more);
        service.Replace("config.yaml", Page, Path.Combine(service.Folder, "page"));
        var page = Path.Combine(service.Folder, "page");
        File.WriteAllText(page, "#!/bin/sh\ntouch paged\n");
        File.SetUnixFileMode(page, (UnixFileMode)0b111_101_101);
        return service;
    }

    /// <summary>The configuration of the guide with this number, from 0.</summary>
    private static string Example(int number) =>
        File.ReadAllText(Path.Combine(Repository.Root, "docs/guide/failures.md")).Split("```yaml\n")[number + 1].Split("```")[0];

    private static async Task SayAsync(RuledService service, string text)
    {
        service.Write("say", text);
        await Condition.HoldsAsync(() => !File.Exists(Path.Combine(service.Folder, "say")), "it is printed");
    }
}
