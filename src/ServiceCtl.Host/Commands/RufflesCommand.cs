using System.CommandLine;
using ServiceCtl.Client.Api;
using ServiceCtl.Contracts;
using ServiceCtl.Host.Output;
using ServiceCtl.Host.Syntax;

namespace ServiceCtl.Host.Commands;

/// <summary>ruffles: the wrapper file in a service's folder.</summary>
internal static class RufflesCommand
{
    public static Command Create()
    {
        var names = SharedOptions.Names();
        var json = SharedOptions.Json();
        var force = SharedOptions.Force("Overwrite a file that this command did not write.");
        var command = new Verb("ruffles", "Write a wrapper script into a service's folder, for './service start'.",
            [("servicectl ruffles", "Write the wrapper of the service in this folder."), ("./service restart", "Use it.")],
            "neat_script_name in the configuration names the script. It passes every verb on to servicectl.") { names, force, json };
        command.SetAction(
            (parsed, cancellation) => RunAsync(parsed.GetValue(names) ?? [], parsed.GetValue(force), parsed.GetValue(json), cancellation));
        return HostRelay.AddTo(command);
    }

    private static async Task<int> RunAsync(string[] names, bool force, bool json, CancellationToken cancellation)
    {
        using var client = Services.Open();
        var selected = await Services.SelectAsync(client, names, cancellation);
        var made = new List<PyServiceWrapper>();
        foreach (var service in await client.Services.GetAsync(selected, cancellation))
        {
            var wrapper = await client.Wrappers.WriteAsync(service.Name, force, powerShellHome: null, cancellation);
            made.Add(wrapper);
            if (!json)
                await ConsoleOutput.WriteLineAsync($"{wrapper.Service}: wrote {wrapper.Path}.");
        }

        if (json)
            await ConsoleOutput.WriteJsonAsync(made, AgentJson.Default.IReadOnlyListPyServiceWrapper);
        return ExitCodes.Success;
    }
}
