using System.CommandLine;
using System.CommandLine.Invocation;
using ServiceCtl.Host.Output;

namespace ServiceCtl.Host.Help;

/// <summary>Prints the help of the command that was named, whatever else is wrong with the line.</summary>
internal sealed class HelpAction : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var command = parseResult.CommandResult.Command;
        // But a verb that is none was meant to be one.
        if (command.Subcommands.Count > 0 && parseResult.UnmatchedTokens is [var word, ..] && !word.StartsWith('-'))
            command = HelpCommand.Find(command, [word], HelpCommand.Name);
        HelpText.Write(command, Console.Out);
        return ExitCodes.Success;
    }
}
