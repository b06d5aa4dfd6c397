using ServiceCtl.Client.Hosts;
using ServiceCtl.Host;
using ServiceCtl.Host.Syntax;

namespace ServiceCtl.Tests.Unit.Hosts;

/// <summary>What the command of another host is given.</summary>
public sealed class HostCommandTests
{
    [Theory]
    [InlineData("Too many open files")]
    [InlineData("--json")]
    [InlineData("-1")]
    [InlineData("--")]
    [InlineData("a=b")]
    [InlineData("")]
    public void A_value_is_read_there_as_it_is(string value)
    {
        var parsed = CommandLine.Parse(["failures", "test", .. HostCommand.Value("--log-line", value), "--", "web"]);

        Assert.Empty(parsed.Errors);
        Assert.Equal(value, parsed.GetValue<string>("--log-line"));
        Assert.False(parsed.GetValue<bool>("--json"));
        // And sent on, once more.
        var again = CommandLine.Parse([.. HostRelay.WordsOf(parsed)]);
        Assert.Equal(value, again.GetValue<string>("--log-line"));
        Assert.False(again.GetValue<bool>("--json"));
    }

    [Fact]
    public void An_option_without_a_value_is_left_out() => Assert.Empty(HostCommand.Value("--signal", null));

    [Fact]
    public void Each_value_is_read_there_as_it_is()
    {
        string[] values = ["a=b", "--key=x"];

        var parsed = CommandLine.Parse(["config", .. HostCommand.Each("--set", values), "--", "web"]);

        Assert.Equal(values, parsed.GetValue<string[]>("--set"));
    }
}
