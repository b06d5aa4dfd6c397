using ServiceCtl.Engine.Configuration.Formats;
using ServiceCtl.Engine.Configuration.Formats.Env;
using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Text;

namespace ServiceCtl.Tests.Unit.Configuration.Formats;

public sealed class EnvReaderTests
{
    private static readonly Dictionary<string, string> Session = new() { ["HOME"] = "/home/me", ["EMPTY"] = "" };

    [Theory]
    [InlineData("A=b", "b")]
    [InlineData("export A = b", "b")]
    [InlineData("A=b c  # why", "b c")]
    [InlineData("A=b#c", "b#c")]
    [InlineData("A=", "")]
    [InlineData("A= # nothing", "")]
    [InlineData("A=C:\\temp\\new", "C:\\temp\\new")]
    [InlineData("A='b # $HOME ${HOME} \\n'  # why", "b # $HOME ${HOME} \\n")]
    [InlineData("A=\"b\\n\\\"c\\\" \\$ \\\\\"", "b\n\"c\" $ \\")]
    [InlineData("A=\"two\nlines\"", "two\nlines")]
    [InlineData("A='two\r\nlines'\r\n", "two\r\nlines")]
    [InlineData("A=it's", "it's")]
    [InlineData("A=${HOME}/x", "/home/me/x")]
    [InlineData("A=\"${HOME}\"", "/home/me")]
    [InlineData("A=$HOME $(pwd) $", "$HOME $(pwd) $")]
    [InlineData("A=${EMPTY:-d}", "d")]
    [InlineData("A=${EMPTY-d}", "")]
    [InlineData("A=${NONE-d}", "d")]
    [InlineData("A=${NONE:-}", "")]
    [InlineData("A=${NONE:-${ALSO:-x}y}", "xy")]
    [InlineData("HOME=/over\nA=${HOME}", "/over")]
    [InlineData("# comment\n\n  A=b", "b")]
    public void A_value_is_read_by_the_dialect(string text, string expected)
    {
        var problems = new ProblemList();

        var variables = EnvReader.Read(new SourceText(".env", text), Session, problems, CancellationToken.None);

        Assert.Empty(problems.Sorted());
        Assert.Equal(expected, variables[^1].Text);
    }

    [Theory]
    [InlineData("A=b\nA=c", 2, 1, "given twice, first at config.env:1:3")]
    [InlineData("A=${NONE}", 1, 3, "neither above nor in the environment")]
    [InlineData("A=${NONE", 1, 3, "not followed")]
    [InlineData("A=${NONE:-x", 1, 3, "not closed in its line")]
    [InlineData("A=${}", 1, 3, "not followed")]
    [InlineData("A", 1, 2, "not `NAME=value`")]
    [InlineData("1A=b", 1, 1, "not `NAME=value`")]
    [InlineData("A: b", 1, 2, "not `NAME=value`")]
    [InlineData("A='b' c", 1, 7, "Text follows")]
    [InlineData("A='b", 1, 3, "never closed")]
    [InlineData("A=\"b\\q\"", 1, 6, "unknown escape")]
    public void A_fault_is_told_with_its_place_and_a_remedy(string text, int line, int column, string words)
    {
        var problem = FormatText.ProblemOf(ConfigurationFormat.Env, text);

        Assert.Equal((line, column), (problem.Line, problem.Column));
        Assert.Contains(words, problem.Message, StringComparison.Ordinal);
        Assert.False(string.IsNullOrEmpty(problem.Advice));
    }

    [Fact]
    public void As_a_configuration_file_its_variables_are_keys() => Assert.Equal(
        "{db: {host: a, ports: [1, 2]}}",
        FormatText.Read(ConfigurationFormat.Env, "DB__HOST=a\nDB__PORTS__0=1\nDB__PORTS__1=2").ToString());

    [Fact]
    public void Variables_that_double_each_other_end_at_the_limit()
    {
        var text = "V0=xxxxxxxxxx\n"
            + string.Concat(Enumerable.Range(1, 60).Select(index => $"V{index}=${{V{index - 1}}}${{V{index - 1}}}\n"));

        Assert.Contains("characters", FormatText.ProblemOf(ConfigurationFormat.Env, text).Message, StringComparison.Ordinal);
    }
}
