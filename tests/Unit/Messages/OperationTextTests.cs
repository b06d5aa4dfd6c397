using ServiceCtl.Contracts;
using ServiceCtl.Engine.Messages;

namespace ServiceCtl.Tests.Unit.Messages;

public sealed class OperationTextTests
{
    [Fact]
    public void A_configuration_with_one_fault_says_it_once() => Assert.Equal(
        ["error: config.yaml:2:3: `never` is not a duration.", "  Write it as `30s`."],
        Lines("config.yaml:2:3: `never` is not a duration.", Fault(2, "`never` is not a duration.", "Write it as `30s`.")));

    [Fact]
    public void One_with_several_lists_each_with_its_own_advice() => Assert.Equal(
        [
            "error: The configuration has 2 faults; the first: config.yaml:2:3: `never` is not a duration.",
            "  config.yaml:2:3: `never` is not a duration. Write it as `30s`.",
            "  config.yaml:4:3: Unknown key `helth`. Did you mean `health`?",
        ],
        Lines("The configuration has 2 faults; the first: config.yaml:2:3: `never` is not a duration.",
            Fault(2, "`never` is not a duration.", "Write it as `30s`."), Fault(4, "Unknown key `helth`.", "Did you mean `health`?")));

    [Fact]
    public void A_fault_that_the_message_does_not_say_is_listed() => Assert.Equal(
        ["error: web was not restarted.", "  config.yaml:2:3: Unknown key `helth`. Did you mean `health`?"],
        Lines("web was not restarted.", Fault(2, "Unknown key `helth`.", "Did you mean `health`?")));

    private static IEnumerable<string> Lines(string message, params ConfigurationProblem[] problems) => OperationText.Of(new ErrorReport
    {
        Code = ErrorCode.ConfigInvalid,
        Message = message,
        Advice = problems[0].Advice,
        Problems = problems,
    }).Select(line => line.Text);

    private static ConfigurationProblem Fault(int line, string message, string advice) => new()
    {
        Source = "config.yaml",
        Line = line,
        Column = 3,
        Message = message,
        Advice = advice,
    };
}
