using System.CommandLine;
using ServiceCtl.Host;
using ServiceCtl.Host.Help;
using ServiceCtl.Host.Output;
using ServiceCtl.Host.Syntax;

namespace ServiceCtl.Tests.Unit.Commands;

public sealed class HelpTests
{
    public static TheoryData<string> Verbs => [.. Tree(CommandLine.CreateRoot()).Select(command => HelpPage.Of(command).Words).Distinct()];

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Every_verb_has_examples_that_are_right_and_says_what_each_word_does(string words)
    {
        var page = PageOf(words);

        Assert.NotEmpty(page.Examples);
        Assert.EndsWith(".", page.Summary, StringComparison.Ordinal);
        Assert.All([.. page.Options, .. page.Arguments, .. page.Verbs], term => Assert.EndsWith(".", term.Text, StringComparison.Ordinal));
        foreach (var part in page.Examples.SelectMany(example => example.Line.Split(" && ").SelectMany(part => part.Split(" || ")))
            .Where(part => part.Contains("servicectl ", StringComparison.Ordinal)))
        {
            var line = part[part.IndexOf("servicectl ", StringComparison.Ordinal)..].Split(" | ")[0].Split(" > ")[0].TrimEnd(')');
            var arguments = System.CommandLine.Parsing.CommandLineParser.SplitCommandLine(line.Replace('\'', '"')).Skip(1).ToArray();
            Assert.Empty(UsageErrors.Of(CommandLine.Parse(arguments), arguments).Select(complaint => $"{line}: {complaint.Message}"));
        }
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public void A_man_page_is_made_of_the_same_words(string words)
    {
        var page = PageOf(words);

        var text = ManPage.Write(page);

        Assert.StartsWith(".TH SERVICECTL", text, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"(?m)^'", text);
        Assert.All(page.Options,
            option => Assert.Contains(option.Term.Replace("-", "\\-", StringComparison.Ordinal), text, StringComparison.Ordinal));
        Assert.Contains(".SH EXAMPLES", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_fits_a_narrow_terminal_and_lists_every_option_of_a_nested_verb()
    {
        var text = new StringWriter();

        HelpText.Write(Tree(CommandLine.CreateRoot()).Single(command => HelpPage.Of(command).Words == "servicectl config check"), text);

        Assert.StartsWith("Usage: servicectl config check [NAME...] [OPTIONS]\n", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("-q, --quiet", text.ToString(), StringComparison.Ordinal);
        Assert.All(text.ToString().Split('\n'), line => Assert.InRange(line.Length, 0, 120));
    }

    [Fact]
    public void The_page_of_exit_codes_has_all_of_them()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "reference", "exit-codes.md"));

        Assert.All(ExitCodes.All,
            code => Assert.Contains($"| {code.Code} | {code.Meaning.Replace('\'', '`')} |", page, StringComparison.Ordinal));
    }

    private static HelpPage PageOf(string words) => Tree(CommandLine.CreateRoot()).Select(HelpPage.Of).First(page => page.Words == words);

    private static IEnumerable<Command> Tree(Command command) => command.Subcommands.SelectMany(Tree).Prepend(command);
}
