using CsCheck;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Tests.Unit.Processes;

public sealed class SignalsTests
{
    [Theory]
    [InlineData("TERM", 15)]
    [InlineData("SIGTERM", 15)]
    [InlineData("sigterm", 15)]
    [InlineData(" Int ", 2)]
    [InlineData("15", 15)]
    [InlineData("64", 64)]
    [InlineData("SIGWINCH", 28)]
    [InlineData("CLD", 17)]
    [InlineData("IOT", 6)]
    [InlineData("POLL", 29)]
    [InlineData("RTMIN", 34)]
    [InlineData("SIGRTMIN+2", 36)]
    [InlineData("RTMAX-1", 63)]
    public void Names_and_numbers_are_understood(string text, int number)
    {
        Assert.True(Signals.TryParse(text, out int signal));
        Assert.Equal(number, signal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("65")]
    [InlineData("-9")]
    [InlineData("SIG")]
    [InlineData("SIG15")]
    [InlineData("TERMINATE")]
    [InlineData("RTMIN-1")]
    [InlineData("RTMIN+31")]
    [InlineData("RTMAX+1")]
    [InlineData("RTMIN+")]
    public void Anything_else_is_no_signal(string? text) => Assert.False(Signals.TryParse(text, out _));

    [Theory]
    [InlineData(9, "SIGKILL")]
    [InlineData(31, "SIGSYS")]
    [InlineData(34, "SIGRTMIN")]
    [InlineData(36, "SIGRTMIN+2")]
    [InlineData(33, "33")]
    [InlineData(0, "0")]
    public void Numbers_have_names(int signal, string name) => Assert.Equal(name, Signals.NameOf(signal));

    [Fact]
    public void Every_name_leads_back_to_its_number() => Gen.Int[1, 64].Sample(signal =>
        Signals.TryParse(Signals.NameOf(signal), out int parsed) && parsed == signal);
}
