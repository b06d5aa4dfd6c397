using ServiceCtl.Contracts;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Keys;

namespace ServiceCtl.Tests.Unit.Scheduling;

public sealed class ScheduleTypeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("schedule-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Programs_and_orders_are_read_with_their_defaults()
    {
        var rules = await ReadAsync(
            """[{cron: "35 23 * * 5", run: [./clean.py, --all]}, {cron: "@daily", do: hot_restart, time_zone: UTC, overlap: queue}, """
                + """{cron: "0 1 * * *", run: [clean.py], catch_up: yes, timeout: 5m}]""");

        Assert.Equal(["clean", "hot_restart", "clean-2"], rules.Select(rule => rule.Name));
        Assert.Equal(["./clean.py", "--all"], rules[0].Run);
        Assert.Equal((null, TimeSpan.FromHours(1), OverlapPolicy.Skip, false),
            (rules[0].Do, rules[0].Timeout, rules[0].Overlap, rules[0].CatchUp));
        Assert.Equal((ServiceAction.HotRestart, null, "UTC", OverlapPolicy.Queue),
            (rules[1].Do, rules[1].Timeout, rules[1].TimeZone, rules[1].Overlap));
        Assert.Equal((TimeSpan.FromMinutes(5), true), (rules[2].Timeout!.Value, rules[2].CatchUp));
    }

    [Theory]
    [InlineData("""[{cron: "99 * * * *", do: restart}]""", "service.schedule[0].cron", "`99 * * * *` is not a cron expression.")]
    [InlineData("""[{cron: "0 0 30 2 *", do: restart}]""", "service.schedule[0].cron", "`0 0 30 2 *` never comes up: there is no such")]
    [InlineData("""[{cron: "@daily", do: restart, time_zone: Mars/Base}]""", "service.schedule[0].time_zone",
        "Unknown time zone `Mars/Base`.")]
    [InlineData("""[{cron: "@daily"}]""", "service.schedule[0]", "neither")]
    [InlineData("""[{cron: "@daily", run: []}]""", "service.schedule[0]", "neither")]
    [InlineData("""[{cron: "@daily", do: restart, run: [x]}]""", "service.schedule[0]", "both")]
    [InlineData("""[{do: restart}]""", "service.schedule[0]", "`service.schedule[0]` has no `cron`, so it would never run.")]
    [InlineData("""[{cron: "@daily", do: explode}]""", "service.schedule[0].do", "explode")]
    [InlineData("""[{cron: "@daily", run: [x], timeot: 3s}]""", "service.schedule[0].timeot", "has no key")]
    [InlineData("""[{cron: "@daily", run: [x], timeout: 0s}]""", "service.schedule[0].timeout", "no time")]
    [InlineData("""[{name: a, cron: "@daily", run: [x]}, {name: a, cron: "@daily", run: [y]}]""", "service.schedule[1].name", "Two items")]
    [InlineData("daily", "service.schedule", "should be a list")]
    [InlineData("[7]", "service.schedule[0]", "should be a mapping")]
    public async Task What_is_wrong_has_its_place(string written, string key, string words)
    {
        var error = await Assert.ThrowsAsync<ServiceCtlException>(() => ReadAsync(written));

        var problem = Assert.Single(error.Report.Problems);
        Assert.Equal(key, problem.Key);
        Assert.Contains(words, problem.Message, StringComparison.Ordinal);
    }

    private async Task<IReadOnlyList<ScheduleRule>> ReadAsync(string schedule)
    {
        var file = Path.Combine(_folder, "config.yaml");
        await File.WriteAllTextAsync(file, $"service:\n  runner: command\n  command: [sleep, '1']\n  schedule: {schedule}\n",
            TestContext.Current.CancellationToken);
        return (await ServiceDefinitionReader.ReadAsync(file, "web", TestContext.Current.CancellationToken)).Schedule;
    }
}
