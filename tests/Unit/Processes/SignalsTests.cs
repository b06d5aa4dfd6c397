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
}
