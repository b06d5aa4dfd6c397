using System.CommandLine;
using ServiceCtl.Host;
using ServiceCtl.Host.Help;
using ServiceCtl.Host.Syntax;

namespace ServiceCtl.Tests.Unit.Commands;

/// <summary>Which verbs act on other hosts, and what is said there.</summary>
public sealed class HostOptionTests
{
    /// <summary>What does not act on services, or only on those of this host.</summary>
    private static readonly string[] Exceptions =
    [
        // They make a process, or a document, here.
        "run", "agent run", "agent dial", "agent deploy", "agent alerts", "agent container", "completion", "help", "man", "powershell", "powershell link", "powershell unlink", "version",
        "config schema", "config reference", "config template",
        // They make projects and packages, whose files are here.
        "new", "change", "bump", "package", "publish", "wheel",
        // It lists them, and 'images' does so on other hosts; a registry is reached from here.
        "image", "image push",
        // The hosts are arguments.
        "hosts", "hosts install", "hosts test",
        // The stage says where.
        "deploy", "deploy install", "deploy check", "deploy lock", "deploy unlock", "deploy stages", "rollback", "releases",
    ];

    [Fact]
    public void Every_verb_that_acts_on_services_does_so_on_other_hosts()
    {
        var without = Tree(CommandLine.CreateRoot(), "").Where(verb => UsageErrors.OptionsOf(verb.Command).All(
            option => option.Name != "--host")).Select(verb => verb.Words);

        Assert.Empty(without.Except(Exceptions));
    }

    [Theory]
    [InlineData("config web --host web1 --json", "config web --json")]
    [InlineData("config --host=web1,web2 check --set a=b --connect-timeout 3s", "config check --set a=b")]
    [InlineData("exec --host web1 --sudo web -- git --host x", "exec web -- git --host x")]
    [InlineData("-v agent stop --force --host web1 --host web2", "-v agent stop --force")]
    public void Words_for_another_host_are_those_that_were_typed_without_the_host(string typed, string sent)
    {
        var parsed = CommandLine.Parse(typed.Split(' '));

        Assert.Equal(sent.Split(' '), HostRelay.WordsOf(parsed));
    }

    [Theory]
    [InlineData("agent run --host web1", "run is about this host: it takes no --host.")]
    [InlineData("agent --sudo dial", "dial is about this host: it takes no --sudo.")]
    [InlineData("agent run --json", "run is a process, not a question: it takes no --json.")]
    [InlineData("config schema --connect-timeout 5s", "schema makes a document here: it takes no --connect-timeout.")]
    public void What_is_done_here_alone_lists_no_hosts_and_says_so_when_one_is_given(string typed, string complaint)
    {
        var words = typed.Split(' ');
        var parsed = CommandLine.Parse(words);
        var refused = words.Single(word => word.StartsWith("--", StringComparison.Ordinal));

        Assert.Contains(complaint, UsageErrors.Of(parsed, words).Select(error => error.Message));
        Assert.DoesNotContain(HelpPage.Of(parsed.CommandResult.Command).Options, option =>
            option.Term.Contains(refused, StringComparison.Ordinal));
    }

    private static IEnumerable<(string Words, Command Command)> Tree(Command command, string words) =>
        command.Subcommands.SelectMany(sub => Tree(sub, words.Length == 0 ? sub.Name : $"{words} {sub.Name}")
            .Prepend((words.Length == 0 ? sub.Name : $"{words} {sub.Name}", sub)));
}
