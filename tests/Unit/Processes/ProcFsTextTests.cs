using System.Text;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Tests.Unit.Processes;

public sealed class ProcFsTextTests
{
    [Theory]
    [InlineData("a\0b\0", new[] { "a", "b" })]
    [InlineData("a\0\0c\0", new[] { "a", "", "c" })]
    [InlineData("nginx: master process", new[] { "nginx: master process" })]
    [InlineData("", new string[0])]
    public void A_command_line_is_split_at_its_NULs(string text, string[] arguments) =>
        Assert.Equal(arguments, ProcFs.SplitAtNul(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("A", "1")]
    [InlineData("B", "x=y")]
    [InlineData("C", "")]
    [InlineData("D", "last")]
    [InlineData("AB", null)]
    [InlineData("x", null)]
    public void A_variable_is_found_by_its_whole_name(string name, string? value) =>
        Assert.Equal(value, ProcFs.FindVariable("A=1\0B=x=y\0C=\0D=last"u8, name));
}
