using System.CommandLine;
using ServiceCtl.Engine;

namespace ServiceCtl.Host.Commands;

/// <summary>status: a page about one service, a table about several, both of them made by the agent.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        var names = SharedOptions.NamesOrAll();
        var json = SharedOptions.Json();
        var command = new Command("status", "Show how services are doing. Ends with 3 when one that was asked for is not running.") { names, json };
        command.SetAction((parsed, cancellation) => RunAsync(parsed.GetValue(names) ?? [], parsed.GetValue(json), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string[] names, bool json, CancellationToken cancellation)
    {
        using var manager = Services.Open();
        var everything = names.Length == 0 && Services.FindConfigHere() is null;
        var selected = everything ? [] : await Services.SelectAsync(manager, names, cancellation);

        await using var output = Console.OpenStandardOutput();
        var notRunning = await manager.PrintStatusAsync(selected, json, output, cancellation);
        if (json)
            output.WriteByte((byte)'\n');
        return notRunning > 0 && !everything ? ExitCodes.NotRunning : ExitCodes.Success;
    }
}
