using ServiceCtl.Contracts;
using ServiceCtl.Engine.Failures;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Failures;

namespace ServiceCtl.Tests.Unit.Failures;

/// <summary>What would be done about a failure is what an agent does about the first one.</summary>
public sealed class FailureTrialTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("trial-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_failed_probe_that_a_rule_ignores_changes_nothing()
    {
        var told = await AskAsync("on_failure: [{match: {health: failing}, do: ignore}]", new FailureQuestion { Unhealthy = true });

        Assert.Equal(("ignore, none", null), (told.Action, told.Wait));
    }

    [Fact]
    public async Task A_failed_probe_that_a_rule_records_still_has_the_service_restarted()
    {
        var told = await AskAsync("on_failure: [{match: {health: failing}, do: record}]", new FailureQuestion { Unhealthy = true });

        Assert.Equal("record, restart", told.Action);
        Assert.NotNull(told.Wait);
    }

    [Theory]
    [InlineData("restart: {give_up: 1 in 1m}")]
    [InlineData("on_failure: [{match: {exit: 1}, do: restart, retry: {give_up: 1 in 10m}}]")]
    public async Task The_first_failure_is_given_up_where_one_is_enough(string rules)
    {
        var told = await AskAsync(rules, new FailureQuestion { ExitCode = 1 });

        Assert.Equal(("give up", null), (told.Action, told.Wait));
    }

    [Fact]
    public async Task A_good_end_is_no_failure_to_give_up()
    {
        var told = await AskAsync("restart: {when: on-failure, give_up: 1 in 1m}", new FailureQuestion { ExitCode = 0 });

        Assert.Equal(("finish", null), (told.Action, told.Wait));
    }

    [Fact]
    public async Task What_cannot_load_its_code_again_is_said_to_be_replaced_and_what_has_ended_to_be_started_again()
    {
        const string Rules = "on_failure: [{match: {log: x}, do: hot_restart}, {match: {exit: 1}, do: hot_restart}]";

        Assert.Equal("replace_instance", (await AskAsync(Rules, new FailureQuestion { LogLine = "x" }, canReload: false)).Action);
        Assert.Equal("hot_restart", (await AskAsync(Rules, new FailureQuestion { LogLine = "x" })).Action);
        Assert.Equal("restart", (await AskAsync(Rules, new FailureQuestion { ExitCode = 1 })).Action);
    }

    [Fact]
    public async Task What_everybody_gets_to_read_is_shown()
    {
        var told = await AskAsync(
            """on_failure: [{match: {exception: "*", module: shop.*}, code: C1, text: "{exception} in {module}", """
                + """notify: {critical: "{service}!"}}]""",
            new FailureQuestion { ExceptionType = "KeyError", ExceptionModule = "shop.basket" });

        Assert.Equal(("C1", "KeyError in shop.basket"), (told.Code, told.Text));
        Assert.Equal("web!", told.Notices.Single(notice => notice.Level == AlertLevel.Critical).Text);
    }

    private async Task<PyServiceFailureDecision> AskAsync(string rules, FailureQuestion question, bool canReload = true)
    {
        var file = Path.Combine(_folder, "config.yaml");
        await File.WriteAllTextAsync(file, $"service:\n  runner: command\n  command: [sleep, '1']\n  {rules}\n",
            TestContext.Current.CancellationToken);
        return FailureTrial.Ask(
            await ServiceDefinitionReader.ReadAsync(file, "web", TestContext.Current.CancellationToken), HostRules.None, question,
            canReload);
    }
}
