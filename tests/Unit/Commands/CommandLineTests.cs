using ServiceCtl.Host;

namespace ServiceCtl.Tests.Unit.Commands;

public sealed class CommandLineTests
{
    [Fact]
    public void A_word_makes_the_command_of_its_name()
    {
        Assert.All(CommandLine.Verbs, verb => Assert.Equal(verb.Word, verb.Create().Name));
    }
}
