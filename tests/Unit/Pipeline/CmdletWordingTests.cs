using System.Text.RegularExpressions;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Host;

namespace ServiceCtl.Tests.Unit.Pipeline;

/// <summary>Advice is written once, in the words of the command, and speaks of cmdlets in PowerShell.</summary>
public sealed partial class CmdletWordingTests
{
    [Theory]
    [InlineData("Make it with 'servicectl env web', or not.", "Make it with 'Initialize-PyServiceEnvironment web', or not.")]
    [InlineData("'servicectl agent stop --keep-services' ends it.", "'Stop-PyServiceAgent -KeepServices' ends it.")]
    [InlineData("'servicectl config push' or 'servicectl config'", "'Set-PyServiceConfig' or 'Get-PyServiceConfig'")]
    [InlineData("Overwrite it with '--force'.", "Overwrite it with '-Force'.")]
    [InlineData("give '--user' and '--password-stdin'.", "give '-Credential'.")]
    [InlineData("let 'servicectl run' or 'servicectl agent run' be its program.",
        "let 'servicectl run' or 'servicectl agent run' be its program.")]
    [InlineData("'git config --global --add x' allows it", "'git config --global --add x' allows it")]
    public void A_command_in_quotes_becomes_the_cmdlet(string advice, string spoken) => Assert.Equal(spoken, CmdletWording.Of(advice));

    [Fact]
    public void Every_cmdlet_exists_and_every_verb_that_advice_names_is_known()
    {
        var manifest = File.ReadAllText(Path.Combine(Repository.Root, "module", "ServiceCtl.psd1"));
        Assert.All(CmdletWording.Cmdlets, known => Assert.Contains($"'{known.Cmdlet.Split(' ')[0]}'", manifest, StringComparison.Ordinal));
        Assert.All(CmdletWording.Cmdlets, known => Assert.Contains(known.Words.Split(' ')[0], CommandLine.Verbs.Select(verb => verb.Word)));

        foreach (var (file, line) in Lines("ServiceCtl.Engine", "ServiceCtl.Contracts"))
        {
            foreach (Match command in CommandInQuotes().Matches(line))
            {
                var spoken = CmdletWording.Of(command.Value);
                Assert.True(
                    spoken != command.Value || command.Groups["verb"].Value is "run" or "agent" || CommandLine.Verbs
                        .All(verb => verb.Word != command.Groups["verb"].Value), $"{file}: nobody can say {command.Value} in PowerShell");
            }
        }
    }

    [Fact]
    public void Nothing_that_the_shell_can_print_names_a_cmdlet()
    {
        // The reference of the keys is read by users of both faces, and names both.
        var named = Lines("ServiceCtl.Engine", "ServiceCtl.Contracts", "ServiceCtl.Host")
            .Where(line =>
                Path.GetFileName(line.File) is not ("RemoteKeys.cs" or "ServiceKeys.cs" or "ServiceReference.cs")
                    && NamesCmdlet().IsMatch(line.Text));

        Assert.Empty(named);
    }

    private static IEnumerable<(string File, string Text)> Lines(params string[] projects) =>
        from project in projects
        from file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", project), "*.cs", SearchOption.AllDirectories)
        where !file.Contains("/obj/", StringComparison.Ordinal)
        from line in File.ReadLines(file)
        where !line.TrimStart().StartsWith("//", StringComparison.Ordinal)
        select (file, line);

    [GeneratedRegex("'servicectl (?<verb>[a-z_]+)[^']*'")]
    private static partial Regex CommandInQuotes();

    [GeneratedRegex("\\b[A-Z][a-z]+-(PyService|Relog|Daemon)")]
    private static partial Regex NamesCmdlet();
}
