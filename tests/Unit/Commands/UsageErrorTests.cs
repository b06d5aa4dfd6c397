using ServiceCtl.Host;
using ServiceCtl.Host.Syntax;

namespace ServiceCtl.Tests.Unit.Commands;

public sealed class UsageErrorTests
{
    [Theory]
    [InlineData("start web --timeout 10x",
        "--timeout takes a duration from 0.1s to 1d, such as 10s, 2m or 500ms (a bare number is seconds), not '10x'.")]
    [InlineData("stop web --timeout -3",
        "--timeout takes a duration from 0.1s to 1d, such as 10s, 2m or 500ms (a bare number is seconds), not '-3'.")]
    [InlineData("tests web --timeout 2d",
        "--timeout takes a duration from 0.1s to 1d, such as 10s, 2m or 500ms (a bare number is seconds), not '2d'.")]
    [InlineData("logs -n abc", "--tail takes a whole number from 0 to 2147483647, not 'abc'.")]
    [InlineData("logs -n 99999999999", "--tail takes a whole number from 0 to 2147483647, not '99999999999'.")]
    [InlineData("events -n x", "--tail takes a whole number from 0 to 2147483647, not 'x'.")]
    [InlineData("host -p 99999", "--port takes a whole number from 1 to 65535, not '99999'.")]
    [InlineData("host -p 80,x", "--port takes a whole number from 1 to 65535, not 'x'.")]
    [InlineData("unit web --type upstart", "--type takes one of systemd, sysv, not 'upstart'.")]
    [InlineData("config template --format xml", "--format takes one of yaml, json, toml, ini, env, not 'xml'.")]
    [InlineData("config template --placeholder nothing", "--placeholder takes one of example, empty, brackets, template, not 'nothing'.")]
    [InlineData("logs --source std", "--source takes one of all, output, server, not 'std'.")]
    [InlineData("start web -c maybe", "--consul takes one of on, off, not 'maybe'.")]
    [InlineData("logs --since yesterday",
        "--since takes how long ago, such as 10m or 2h, or a date and time, such as 2026-11-24T10:30; 'yesterday' is neither.")]
    [InlineData("status --interval 5s", "--interval needs --watch.")]
    [InlineData("logs -f --until 5m", "--follow has no end: leave --until out.")]
    [InlineData("stop --json=maybe", "--json takes no value.")]
    [InlineData("start --tiemout 3", "Unknown option '--tiemout'. Did you mean '--timeout'?")]
    [InlineData("register --nmae x", "Unknown option '--nmae'. Did you mean '--name'?")]
    [InlineData("agent stpo", "Unknown verb 'stpo'. Did you mean 'stop'? Verbs: status, start, stop, restart, run, dial, deploy.")]
    [InlineData("completion bsh", "<shell> is one of bash, zsh, fish, pwsh, not 'bsh'. Did you mean 'bash'?")]
    public void A_bad_word_is_answered_with_what_would_be_right(string line, string complaint)
    {
        var arguments = line.Split(' ');

        var report = UsageErrors.Of(CommandLine.Parse(arguments), arguments)[0];

        Assert.Equal(complaint, report.Message);
    }

    [Fact]
    public void An_unknown_verb_gets_a_suggestion_and_the_list_of_verbs()
    {
        var report = Assert.Single(UsageErrors.Of(CommandLine.Parse(["strat", "web"]), ["strat", "web"]));

        Assert.StartsWith("Unknown verb 'strat'. Did you mean 'start'? Verbs: start, stop, restart, ", report.Message,
            StringComparison.Ordinal);
        Assert.Equal("Nothing was changed. See 'servicectl --help'.", report.Advice);
    }

    [Fact]
    public void An_event_kind_that_is_unknown_gets_a_suggestion_and_the_list()
    {
        var report = Assert.Single(UsageErrors.Of(CommandLine.Parse(["events", "--kind", "crash"]), ["events", "--kind", "crash"]));

        Assert.StartsWith("--kind takes one of started, stopped, ", report.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("ServiceEventKind", report.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("start web --timeout 10s")]
    [InlineData("start web --timeout 500ms")]
    [InlineData("start web --timeout 2m")]
    [InlineData("start web --timeout 7")]
    [InlineData("start web --timeout 0.5")]
    [InlineData("events --kind GaveUp,config-* --kind crashed")]
    [InlineData("host -p 80 81 --port 82,83")]
    [InlineData("stop * !web")]
    [InlineData("stop * -- -web")]
    [InlineData("config push -")]
    [InlineData("-q start web")]
    [InlineData("start -v web")]
    [InlineData("hot-restart web")]
    [InlineData("help config check")]
    [InlineData("-V")]
    [InlineData("agent")]
    public void What_is_right_is_taken(string line)
    {
        var arguments = line.Split(' ');

        Assert.Empty(UsageErrors.Of(CommandLine.Parse(arguments), arguments));
    }

    [Fact]
    public void What_was_typed_is_shown_without_its_control_characters() => Assert.Equal("'\\x1b[31m'", OptionValues.Shown("\e[31m"));
}
