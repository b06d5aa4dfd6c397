using ServiceCtl.Contracts;
using ServiceCtl.Engine.Events;

namespace ServiceCtl.Tests.Unit.Events;

public sealed class JournalSizeTests
{
    [Theory]
    [InlineData(null, 2 << 20)]
    [InlineData("", 2 << 20)]
    [InlineData("64KiB", 64 << 10)]
    [InlineData("16MiB", 16 << 20)]
    [InlineData("64M", 64 << 20)]
    [InlineData("1000000", 1_000_000)]
    public void It_is_what_the_variable_says(string? text, long size) => Assert.Equal(size, JournalSize.Of(_ => text));

    [Theory]
    [InlineData("much")]
    [InlineData("-1")]
    [InlineData("63KiB")]
    [InlineData("65MiB")]
    public void Anything_else_is_refused_with_what_is_right(string text)
    {
        var error = Assert.Throws<ServiceCtlException>(() => JournalSize.Of(_ => text));

        Assert.Equal($"The variable SERVICECTL_EVENTS_SIZE, {text}, is not a size from 64KiB to 64MiB.", error.Message);
        Assert.Equal("Set it to one, or unset it for 2MiB.", error.Advice);
    }
}
