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
            (rules[0].Match.OutOfMemory, rules[0].Action, rules[0].Target, rules[0].Notify, rules[0].PassesUp));
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
    [InlineData("""[{pass: down}]""", "down")]
    public async Task What_can_not_be_meant_is_told(string written, string words)
    {
        var error = await Assert.ThrowsAsync<ServiceCtlException>(() => ReadAsync(written));

        Assert.Contains(error.Report.Problems, problem => problem.Message.Contains(words, StringComparison.Ordinal)
            && problem.Key!.StartsWith("service.on_failure[0]", StringComparison.Ordinal));
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
