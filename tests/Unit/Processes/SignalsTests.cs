using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Tests.Unit.Processes;

public sealed class SignalsTests
{
    [Theory]
    [InlineData(9, "SIGKILL")]
    [InlineData(31, "SIGSYS")]
    [InlineData(34, "SIGRTMIN")]
    [InlineData(36, "SIGRTMIN+2")]
    [InlineData(33, "33")]
    [InlineData(0, "0")]
    public void Numbers_have_names(int signal, string name) => Assert.Equal(name, Signals.NameOf(signal));

    [Theory]
    [InlineData("KILL", 9)]
    [InlineData(" sigterm ", 15)]
    [InlineData("34", 34)]
    [InlineData("RTMIN+2", 36)]
    [InlineData("0", null)]
    [InlineData("65", null)]
    [InlineData("NOSUCH", null)]
    public void Names_and_numbers_are_read(string word, int? number) => Assert.Equal(number, Signals.NumberOf(word));
}
