using System.Globalization;
using System.Text;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Messages;

namespace ServiceCtl.Tests.Unit.Text;

/// <summary>Text of others steers no terminal.</summary>
public sealed class VisibleTextTests
{
    [Theory]
    [InlineData("\e]0;title\a", @"\x1b]0;title\x07")]
    [InlineData("\e]52;c;ZXZpbA==\a", @"\x1b]52;c;ZXZpbA==\x07")]
    [InlineData("\e[2J", @"\x1b[2J")]
    [InlineData("\u009b31m", @"\x9b31m")]
    [InlineData("50 %\r100 %", @"50 %\r100 %")]
    [InlineData("good\b\b\b\bevil", @"good\x08\x08\x08\x08evil")]
    [InlineData("del\u007f", @"del\x7f")]
    [InlineData("user\u202eexe.txt\u202c", @"user\u202eexe.txt\u202c")]
    [InlineData("\u2066a\u2069", @"\u2066a\u2069")]
    [InlineData("a\u200bb\ufeff\u2028c", @"a\u200bb\ufeff\u2028c")]
    [InlineData("\U000e0041", @"\U000e0041")]
    public void What_steers_a_terminal_or_turns_text_stands_there_as_an_escape(string text, string expected)
    {
        Assert.Equal(expected, VisibleText.Of(text));
        Assert.Equal(expected, VisibleText.Line(text));
    }

    [Theory]
    [InlineData("plain ASCII ~ text")]
    [InlineData("Grüße, имя, 名前, \ud83d\ude00")]
    [InlineData("\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67 \u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 \u05d0\u200f")]
    [InlineData("tab\there")]
    [InlineData("")]
    public void What_people_write_stays_as_it_is(string text) => Assert.Same(text, VisibleText.Line(text));

    [Fact]
    public void Lines_stay_lines_only_where_there_may_be_several()
    {
        Assert.Equal("a\nb", VisibleText.Of("a\nb"));
        Assert.Equal(@"a\nb", VisibleText.Line("a\nb"));
    }

    [Fact]
    public void Half_a_surrogate_pair_is_passed_over()
    {
        Assert.Equal("a\ud800\\x1b", VisibleText.Of("a\ud800\e"));
        Assert.Equal("\udc00b\\x1b", VisibleText.Of("\udc00b\e"));
    }

    [Fact]
    public void Lists_and_objects_are_made_visible_for_views()
    {
        object list = new List<string> { "a\e", "b" };
        Assert.Equal([@"a\x1b", "b"], Assert.IsType<object[]>(VisibleText.Of(list)));
        Assert.Equal("17", VisibleText.Of((object)17));
        Assert.Null(VisibleText.Of((object?)null));
    }

    [Fact]
    public void No_control_character_gets_through()
    {
        var all = string.Concat(Enumerable.Range(0, char.MaxValue + 1).Select(code => (char)code));

        Assert.DoesNotContain(VisibleText.Line(all).EnumerateRunes(),
            rune => Rune.GetUnicodeCategory(rune) == UnicodeCategory.Control && rune.Value != '\t');
    }

    [Theory]
    [InlineData(MessageKind.Plain, @"\x1b[8m")]
    [InlineData(MessageKind.Error, "\e[31m\\x1b[8m\e[0m")]
    public void Coloured_text_has_no_sequences_but_those_of_its_colour(MessageKind kind, string expected) =>
        Assert.Equal(expected, MessageStyle.Colored.Paint(kind, "\e[8m"));
}
