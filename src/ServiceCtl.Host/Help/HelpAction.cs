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
        HelpText.Write(parseResult.CommandResult.Command, Console.Out);
        return ExitCodes.Success;
    }
}
