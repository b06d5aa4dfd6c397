using System.Diagnostics;
using System.Text.RegularExpressions;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Failures;

namespace ServiceCtl.Tests.Unit.Failures;

/// <summary>Rules as they are written, and what is said to those that can't be meant.</summary>
public sealed class FailureRuleTypeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rules-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Facts_and_actions_are_read()
    {
        var rules = await ReadAsync(
            """[{match: {oom: true, signal: KILL}, do: {start: spare}, notify: critical, pass: up}, """
                + """{match: {exception: [KeyError, "a.*"]}, do: hot_restart, retry: {give_up: 3 in 1m}, run: [page, now]}, """
                + """{match: {log: "open files$"}, do: replace_instance, run: {command: [page], timeout: 5s}}, """
                + """{match: {dependency: db}, do: record}, {match: {phase: stop, exit: 4}}]""");

        Assert.Equal((true, FailureAction.Start, "spare", "critical", true),
            (rules[0].Match.OutOfMemory, rules[0].Action, rules[0].Target, rules[0].Notify!.Level, rules[0].PassesUp));
        Assert.Equal(["KeyError", "a.*"], rules[1].Match.Exceptions);
        Assert.Equal((FailureAction.HotRestart, FailureHook.UsualTimeout), (rules[1].Action, rules[1].Run!.Timeout));
        Assert.Equal(["page", "now"], rules[1].Run!.Command);
        Assert.Equal((FailureAction.ReplaceInstance, TimeSpan.FromSeconds(5)), (rules[2].Action, rules[2].Run!.Timeout));
        Assert.Equal("log /open files$/", rules[2].Match.ToString());
        Assert.Equal(["db"], rules[3].Match.Dependencies);
        Assert.Equal((FailurePhase.Stop, FailureAction.Record), (rules[4].Match.Phase, rules[4].Action));
    }

    [Theory]
    [InlineData("""[{match: {log: "(?=x)y"}}]""", "uses lookaround or backreferences")]
    [InlineData("""[{match: {log: "(a)\\1"}}]""", "uses lookaround or backreferences")]
    [InlineData("""[{match: {log: "("}}]""", "regular expression")]
    [InlineData("""[{match: {phase: stop}, do: restart}]""", "nothing left to decide")]
    [InlineData("""[{match: {log: x}, do: finish}]""", "still running can't be finished")]
    [InlineData("""[{match: {health: failing, log: x}}]""", "about a service that lives")]
    [InlineData("""[{match: {dependency: db, exit: 1}}]""", "about another service")]
    [InlineData("""[{match: {exception: X, log: x}}]""", "seen apart")]
    [InlineData("""[{do: {start: "no/name"}}]""", "needs the name of a service")]
    [InlineData("""[{do: {begin: web}}]""", "has no key `begin`")]
    [InlineData("""[{run: {timeout: 3s}}]""", "which program")]
    [InlineData("""[{run: []}]""", "which program")]
    [InlineData("""[{run: {command: []}}]""", "which program")]
    [InlineData("""[{run: /bin/page now}]""", "several values in one")]
    [InlineData("""[{match: {exit: 0}, do: finish, respond: {status: 503}}]""", "has failed, and by this rule nothing has")]
    [InlineData("""[{match: {event: recovered}, respond: {status: 503}}]""", "serves again or was stopped")]
    [InlineData("""[{match: {phase: stop}, respond: {status: 503}}]""", "serves again or was stopped")]
    [InlineData("""[{match: {log: x}, do: record, respond: {status: 503}}]""", "by this rule it keeps running")]
    [InlineData("""[{match: {dependency: db}, respond: {status: 503}}]""", "by this rule it keeps running")]
    [InlineData("""[{match: {health: failing}, do: ignore, respond: {status: 503}}]""", "by this rule it keeps running")]
    [InlineData("""[{match: {signal: NOSUCH}}]""", "is not a signal")]
    [InlineData("""[{notify: everybody}]""", "everybody")]
    [InlineData("""[{notify: {text: x}}]""", "does not say how urgent")]
    [InlineData("""[{notify: {level: info, sms: x}}]""", "has no key `sms`")]
    [InlineData("""[{notify: {info: {}}}]""", "`info` says nothing")]
    [InlineData("""[{notify: {critical: "{sevrice}"}}]""", "`{sevrice}` is nothing that can be filled in")]
    [InlineData("""[{text: "{nobody}"}]""", "`{nobody}` is nothing that can be filled in")]
    [InlineData("""[{match: {exit: 1}, do: stop, respond: {body: "{nobody}"}}]""", "`{nobody}` is nothing that can be filled in")]
    [InlineData("""[{record: {text: "{nobody}"}}]""", "`{nobody}` is nothing that can be filled in")]
    [InlineData("""[{record: {sinks: [jurnal]}}]""", "jurnal")]
    [InlineData("""[{record: {sinks: []}}]""", "names no place")]
    [InlineData("""[{record: {level: loud}}]""", "loud")]
    [InlineData("""[{do: ignore, record: {level: info}}]""", "ignores is not written down")]
    [InlineData("""[{do: stop, record: {sinks: syslog}}]""", "leaves out `journal`")]
    [InlineData("""[{match: {log: x}, notify: info, record: {sinks: syslog}}]""", "leaves out `journal`")]
    [InlineData("""[{match: {module: shop, health: failing}}]""", "about a service that lives")]
    [InlineData("""[{match: {module: shop, log: x}}]""", "seen apart")]
    [InlineData("""[{pass: down}]""", "down")]
    public async Task What_can_not_be_meant_is_told(string written, string words)
    {
        var error = await Assert.ThrowsAsync<ServiceCtlException>(() => ReadAsync(written));

        Assert.Contains(error.Report.Problems, problem => problem.Message.Contains(words, StringComparison.Ordinal)
            && problem.Key!.StartsWith("service.on_failure[0]", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Words_for_each_destination_and_places_are_read()
    {
        var rules = await ReadAsync(
            """[{match: {module: [shop.*, pay]}, do: record, """
                + """record: {sinks: [syslog, file], level: warning, code: J1, text: "{module}"}}, """
                + """{match: {exit: 1}, do: stop, respond: {code: R1}, record: {level: critical}, """
                + """notify: {info: "be patient", critical: {code: P1, text: "{cause}"}, tg: short}}]""");

        Assert.Equal("module shop.*, pay", rules[0].Match.ToString());
        Assert.Equal([FailureSink.Syslog, FailureSink.File], rules[0].Record!.Sinks);
        Assert.Equal((ServiceEventLevel.Warning, new FailureWording("J1", "{module}")), (rules[0].Record!.Level, rules[0].Record!.Wording));
        Assert.Equal((true, ServiceEventLevel.Critical), (rules[1].Record!.IsInJournal, rules[1].Record!.Level));
        Assert.Equal([AlertLevel.Info, AlertLevel.Critical], rules[1].Notify!.Levels);
        Assert.Equal(new FailureWording("P1", "{cause}"), rules[1].Notify!.ByLevel[AlertLevel.Critical]);
        Assert.Equal(new FailureWording(null, "short"), rules[1].Notify!.ByChannel[AlertChannel.Telegram]);
        Assert.Equal("R1", rules[1].Respond!.Code);
    }

    [Fact]
    public async Task What_answers_nobody_is_refused_unless_another_rule_names_it_for_the_end()
    {
        const string Named = "{name: last, match: {log: x}, do: record, respond: {status: 503}}";
        var error = await Assert.ThrowsAsync<ServiceCtlException>(() => ReadAsync($"[{Named}]"));
        var rules = await ReadAsync($"[{{match: {{exit: 1}}, do: restart, retry: {{then: last}}}}, {Named}]");

        Assert.Contains("by this rule it keeps running. It is at ", error.Message, StringComparison.Ordinal);
        Assert.Equal(503, rules[1].Respond?.Status);
        Assert.Equal(503, (await ReadAsync("""[{match: {health: failing}, do: record, respond: {status: 503}}]"""))[0].Respond?.Status);
    }

    [Theory]
    [InlineData("finish")]
    [InlineData("restart")]
    [InlineData("hot_restart")]
    public async Task The_last_word_about_what_was_given_up_can_not_be_a_start_or_a_good_end(string action)
    {
        var error = await Assert.ThrowsAsync<ServiceCtlException>(() => ReadAsync(
            $$$"""[{match: {exit: 1}, do: restart, retry: {then: last}}, {name: last, match: {exit: 2}, do: {{{action}}} }]"""));

        Assert.Contains(error.Report.Problems, problem =>
            problem.Message.Contains($"The rule `last` says `do: {action}`", StringComparison.Ordinal)
            && problem.Message.Contains("config.yaml:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_pattern_that_would_never_end_elsewhere_takes_as_long_as_the_line()
    {
        var pattern = (await ReadAsync("""[{match: {log: "^(a+)+$"}}]"""))[0].Match.Log!;
        var begin = Stopwatch.GetTimestamp();

        Assert.DoesNotMatch(pattern, new string('a', 4000) + "!");

        Assert.True(Stopwatch.GetElapsedTime(begin) < TimeSpan.FromSeconds(30));
        Assert.Equal(Regex.InfiniteMatchTimeout, pattern.MatchTimeout);
    }

    private async Task<IReadOnlyList<FailureRule>> ReadAsync(string rules)
    {
        var file = Path.Combine(_folder, "config.yaml");
        await File.WriteAllTextAsync(file, $"service:\n  runner: command\n  command: [sleep, '1']\n  on_failure: {rules}\n",
            TestContext.Current.CancellationToken);
        return (await ServiceDefinitionReader.ReadAsync(file, "web", TestContext.Current.CancellationToken)).OnFailure;
    }
}
