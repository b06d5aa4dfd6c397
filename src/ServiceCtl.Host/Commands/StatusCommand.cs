using System.CommandLine;
using ServiceCtl.Contracts;
using ServiceCtl.Engine;
using ServiceCtl.Engine.Agent;

namespace ServiceCtl.Host.Commands;

/// <summary>status: a page about one service, a table about several.</summary>
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
        var everything = names.Length == 0 && ServiceManager.FindConfig(Directory.GetCurrentDirectory()) is null;
        var selected = everything ? [] : await Services.SelectAsync(manager, names, cancellation);

        var all = new List<PyServiceStatus>();
        await foreach (var status in manager.GetStatusAsync(selected, cancellation))
            all.Add(status);

        if (json)
            await ConsoleOutput.WriteJsonAsync(all, AgentJson.Default.IReadOnlyListPyServiceStatus);
        else if (all.Count == 1)
            await StatusPage.WriteAsync(all[0]);
        else
            await StatusTable.WriteAsync(all);
        return !everything && all.Exists(status => status.State != ServiceState.Running) ? ExitCodes.NotRunning : ExitCodes.Success;
    }
}
