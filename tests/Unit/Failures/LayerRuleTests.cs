using System.Text.Json;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Schema.Types;
using ServiceCtl.Engine.Failures;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Failures;
using ServiceCtl.Engine.Services.Rules;

namespace ServiceCtl.Tests.Unit.Failures;

/// <summary>Rules about layers inside a process, which the package cordio reads there.</summary>
public sealed class LayerRuleTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("layers-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task They_are_shown_and_never_the_agents()
    {
        var definition = await ReadAsync(
            """[{name: db, match: {layer: [db, "svc-*"], exception: OSError, rate: 2 in 1m}, do: retry, """
                + """retry: {delay: 1s, give_up: 3 in 1m}}, {match: {exit: 3}, do: stop}, """
                + """{match: {layer: bank}, do: {jump: order}, code: B-1, respond: {status: 503, body: x}}]""");

        Assert.Equal([3], Assert.Single(definition.OnFailure).Match.Exits);
        var rules = FailureTrial.List(definition, HostRules.None);
        Assert.Equal(
            [("exit 3", "stop"), ("layer db, svc-*; exception OSError; 2 in 60 s", "retry, in the process"),
                ("layer bank", "jump to order, in the process")],
            rules.Take(3).Select(rule => (rule.Match, rule.Action)));
        Assert.Equal(["1", "2", "3", "4"], rules.Select(rule => $"{rule.Number}"));
        Assert.EndsWith("config.yaml:1:64", rules[1].Place, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[{match: {layer: db, exit: 3}}]", "no key `exit`")]
    [InlineData("[{match: {layer: db}, do: restart}]", "do")]
    [InlineData("[{match: {layer: db}, do: {start: x}}]", "no key `start`")]
    [InlineData("[{match: {layer: db}, do: {jump: ''}}]", "`jump` needs the name of a layer")]
    [InlineData("[{match: {layer: db}, do: stop, retry: {delay: 1s}}]", "`retry` is for rules that try again")]
    [InlineData("[{match: {layer: db}, do: retry, retry: {then: x}}]", "no key `then`")]
    [InlineData("[{match: {layer: db}, do: retry, retry: {jitter: 120%}}]", "More than 100 %")]
    [InlineData("[{match: {layer: []}}]", "`layer` is an empty list")]
    [InlineData("[{match: {layer: db}, respond: {status: 7}}]", "status")]
    [InlineData("[{name: a, match: {layer: db}}, {name: a, match: {exit: 1}}]", "Two rules are called `a`")]
    public async Task What_they_can_not_mean_is_said(string rules, string message)
    {
        var error = await Assert.ThrowsAsync<ServiceCtlException>(() => ReadAsync(rules));

        Assert.Contains(error.Report.Problems, problem => $"{problem.Message} {problem.Key}".Contains(message, StringComparison.Ordinal));
    }

    /// <summary>The same table is read by cordio's tests.</summary>
    [Fact]
    public void Waits_are_those_of_cordio()
    {
        using var table = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "python", "cordio", "tests", "waits.json")));
        foreach (var row in table.RootElement.EnumerateArray())
        {
            var retry = row.GetProperty("retry");
            FailureRule[] rules =
            [
                new()
                {
                    Action = FailureAction.Restart,
                    Retry = new FailureRetry
                    {
                        Delay = Time(retry, "delay"),
                        Factor = retry.GetProperty("factor").GetDouble(),
                        MaxDelay = Time(retry, "max_delay"),
                        GiveUp = RateOf(retry.GetProperty("give_up").GetString()!),
                    },
                },
            ];
            var state = FailureState.Empty;
            List<double?> waits = [];
            foreach (var at in row.GetProperty("at").EnumerateArray())
            {
                var facts = new FailureFacts { Exit = 1, Phase = FailurePhase.Running, At = TimeSpan.FromSeconds(at.GetDouble()) };
                (var decision, state) = FailurePolicy.Decide(rules, new RestartRule(), state, facts);
                waits.Add(decision.Wait?.TotalSeconds);
            }

            Assert.Equal(row.GetProperty("waits").EnumerateArray().Select(NumberOf), waits);
        }
    }

    private static double? NumberOf(JsonElement number) => number.ValueKind is JsonValueKind.Null ? null : number.GetDouble();

    private static TimeSpan Time(JsonElement retry, string name) => DurationOf(retry.GetProperty(name).GetString()!);

    private static TimeSpan DurationOf(string text) => DurationText.TryParse(text, out var time) ? time : throw new FormatException(text);

    private static Rate RateOf(string text) => new(int.Parse(text.Split(" in ")[0], null), DurationOf(text.Split(" in ")[1]));

    private async Task<ServiceDefinition> ReadAsync(string rules)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "config.yaml"),
            $"service: {{runner: command, command: [sleep, '1'], on_failure: {rules}}}\n", TestContext.Current.CancellationToken);
        return await ServiceDefinitionReader.ReadAsync(_folder, "shop", TestContext.Current.CancellationToken);
    }
}
