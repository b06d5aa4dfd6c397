using System.CommandLine;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Agent;

namespace ServiceCtl.Host.Commands;

/// <summary>ruffles: the wrapper file in a service's folder.</summary>
internal static class RufflesCommand
{
    public static Command Create()
    {
        var names = SharedOptions.Names();
        var json = SharedOptions.Json();
        var force = new Option<bool>("--force") { Description = "Overwrite a file that is no wrapper." };
        var command = new Command("ruffles", "Make a small shell file in a service's folder (neat_script_name) that passes everything on: './service start'.") { names, force, json };
        command.SetAction((parsed, cancellation) => RunAsync(parsed.GetValue(names) ?? [], parsed.GetValue(force), parsed.GetValue(json), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string[] names, bool force, bool json, CancellationToken cancellation)
    {
        using var manager = Services.Open();
        var selected = await Services.SelectAsync(manager, names, cancellation);
        var made = new List<PyServiceWrapper>();
        foreach (var service in await manager.GetServicesAsync(selected, cancellation))
        {
            var wrapper = await manager.WriteWrapperAsync(service.Name, force, powerShellHome: null, cancellation);
            made.Add(wrapper);
            if (!json)
                await Console.Out.WriteLineAsync($"{wrapper.Service}: {wrapper.Path} was made.");
        }

        if (json)
            await ConsoleOutput.WriteJsonAsync(made, AgentJson.Default.IReadOnlyListPyServiceWrapper);
        return ExitCodes.Success;
    }
}
