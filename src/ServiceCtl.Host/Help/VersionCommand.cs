using System.CommandLine;
using System.CommandLine.Invocation;
using ServiceCtl.Client;
using ServiceCtl.Host.Output;
using ServiceCtl.Host.Syntax;

namespace ServiceCtl.Host.Help;

/// <summary>version, and <c>--version</c>.</summary>
internal static class VersionCommand
{
    public static Command Create()
    {
        var command = new Verb("version", "Print the version of this command. 'servicectl agent' shows the running agent's.",
            [("servicectl version", "Print it.")]);
        command.SetAction(_ => Print());
        return command;
    }

    public static Option<bool> CreateOption() => new("--version", "-V") { Description = "Print the version.", Action = new PrintAction() };

    private static int Print()
    {
        Console.Out.WriteLine($"servicectl {ServiceCtlClient.Version}");
        return ExitCodes.Success;
    }

    private sealed class PrintAction : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult) => Print();
    }
}
