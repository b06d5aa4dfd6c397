using ServiceCtl.Host;
using ServiceCtl.Host.Completion;

namespace ServiceCtl.Tests.Unit.Commands;

public sealed class CompleterTests
{
    [Theory]
    [InlineData("st", "start stop status")]
    [InlineData("agent s", "status start stop")]
    [InlineData("start --t", "--timeout")]
    [InlineData("start --q", "--quiet")]
    [InlineData("start -c ", "off on")]
    [InlineData("start --consul=o", "--consul=off --consul=on")]
    [InlineData("events --kind c", "canary-failed canary-passed canary-started config-changed config-refused crashed")]
    [InlineData("unit --type s", "systemd sysv")]
    [InlineData("config check --set service.stop.t", "service.stop.timeout=")]
    [InlineData("config --key service.stop.t", "service.stop.timeout")]
    [InlineData("completion ", "bash fish pwsh zsh")]
    [InlineData("help rel", "releases relog")]
    [InlineData("-q st", "start stop status")]
    public void The_place_says_what_is_offered(string typed, string offered) =>
        Assert.Equal(offered.Split(' '),
            Completer.Complete(CommandLine.CreateRoot(), typed.Split(' ')).Select(candidate => candidate.Word));

    [Fact]
    public void A_candidate_says_what_it_means() =>
        Assert.Contains(("restart", "Restart services with new code and configuration, without losing a request."),
            Completer.Complete(CommandLine.CreateRoot(), ["restart"]));

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    [InlineData("pwsh")]
    public void Every_script_asks_the_command(string shell) =>
        Assert.Contains(CompletionCommand.Words, CompletionCommand.Script(shell), StringComparison.Ordinal);
}
