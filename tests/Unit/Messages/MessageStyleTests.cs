using ServiceCtl.Engine.Messages;

namespace ServiceCtl.Tests.Unit.Messages;

public sealed class MessageStyleTests
{
    [Theory]
    [InlineData(true, false, "xterm", null, true)]
    [InlineData(true, false, "xterm", "", true)]
    [InlineData(false, false, "xterm", null, false)]
    [InlineData(true, true, "xterm", null, false)]
    [InlineData(true, false, "xterm", "1", false)]
    [InlineData(true, false, "dumb", null, false)]
    [InlineData(true, false, null, null, false)]
    public void A_screen_has_colours_when_they_are_wanted_and_seen(
        bool isWanted, bool isRedirected, string? terminal, string? noColor, bool isColored)
    {
        var style = MessageStyle.ForScreen(isWanted, isRedirected, name => name == "TERM" ? terminal : name == "NO_COLOR" ? noColor : null);

        Assert.Equal(isColored ? "\e[31mno\e[0m" : "no", style.Paint(MessageKind.Error, "no"));
    }

    [Fact]
    public void A_file_has_them_when_they_are_wanted()
    {
        Assert.Equal("\e[32myes\e[0m", MessageStyle.ForFile(true, _ => null).Paint(MessageKind.Good, "yes"));
        Assert.Equal("yes", MessageStyle.ForFile(false, _ => null).Paint(MessageKind.Good, "yes"));
        Assert.Equal("yes", MessageStyle.ForFile(true, _ => "1").Paint(MessageKind.Good, "yes"));
    }

    [Fact]
    public void What_is_neither_good_nor_bad_has_none()
    {
        Assert.Equal("so", MessageStyle.ForFile(true, _ => null).Paint(MessageKind.Plain, "so"));
    }
}
