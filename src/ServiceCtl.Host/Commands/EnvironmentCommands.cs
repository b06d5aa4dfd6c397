using System.CommandLine;
using ServiceCtl.Contracts;
using ServiceCtl.Engine;
using ServiceCtl.Engine.Agent;

namespace ServiceCtl.Host.Commands;

/// <summary>env: the virtualenvs of services; host: what this host has for them.</summary>
internal static class EnvironmentCommands
{
    public static Command CreateEnvironment()
    {
        var names = SharedOptions.Names();
        var json = SharedOptions.Json();
        var force = new Option<bool>("--force") { Description = "Make it anew, even when it is made of the same things already." };
        var command = new Command("env", "Make the virtualenv (env_directory) of services as service.venv says; it takes the old one's place when it is whole.") { names, force, json };
        command.SetAction((parsed, cancellation) => MakeAsync(parsed.GetValue(names) ?? [], parsed.GetValue(force), parsed.GetValue(json), cancellation));
        return command;
    }

    public static Command CreateHost()
    {
        var ports = new Option<int[]>("--port", "-p") { Description = "TCP ports that have to be free.", AllowMultipleArgumentsPerToken = true };
        var json = SharedOptions.Json();
        var command = new Command("host", "Say what this host lacks for its services, and how to get it. Ends with 1 when something that is needed is missing.") { ports, json };
        command.SetAction((parsed, cancellation) => CheckAsync(parsed.GetValue(ports) ?? [], parsed.GetValue(json), cancellation));
        return command;
    }

    private static async Task<int> MakeAsync(string[] names, bool force, bool json, CancellationToken cancellation)
    {
        using var manager = Services.Open();
        var selected = await Services.SelectAsync(manager, names, cancellation);
        var made = new List<PyServiceEnvironment>();
        var failed = false;
        foreach (var service in await manager.GetServicesAsync(selected, cancellation))
        {
            try
            {
                var environment = await manager.InitializeEnvironmentAsync(service.Name, force, json ? null : new Lines(), cancellation);
                made.Add(environment);
                if (!json)
                    await Console.Out.WriteLineAsync(TextOf(environment));
            }
            catch (ServiceCtlException error) when (error.Code is not ErrorCode.AgentUnreachable)
            {
                failed = true;
                await ConsoleOutput.WriteErrorAsync(error.Report);
            }
        }

        if (json)
            await ConsoleOutput.WriteJsonAsync(made, AgentJson.Default.IReadOnlyListPyServiceEnvironment);
        return failed ? ExitCodes.Failed : ExitCodes.Success;
    }

    private static string TextOf(PyServiceEnvironment made)
    {
        var what = made.Change switch
        {
            EnvironmentChange.None => "is made of the same things already; nothing was done",
            EnvironmentChange.Created => $"was made in {ConsoleOutput.Text(made.Duration)}",
            _ => $"was made anew in {ConsoleOutput.Text(made.Duration)}; a restart brings it into the running service",
        };
        return $"{made.Service}: {made.Path} {what}. Python {made.Python}, {made.Packages.Count} packages{(made.Requirements is null ? "" : $", from {made.Requirements}")}.";
    }

    private static async Task<int> CheckAsync(int[] ports, bool json, CancellationToken cancellation)
    {
        var checks = new List<HostCheck>();
        await foreach (var check in ServiceManager.CheckHostAsync(ports, cancellation))
        {
            checks.Add(check);
            if (!json)
                await Console.Out.WriteLineAsync($"{check.Outcome,-8} {check.Name,-13} {check.Message}{(check.Advice is null ? "" : $"\n{"",23}{check.Advice}")}");
        }

        if (json)
            await ConsoleOutput.WriteJsonAsync(checks, AgentJson.Default.IReadOnlyListHostCheck);
        return checks.Exists(check => check.Outcome == HostCheckOutcome.Failed) ? ExitCodes.Failed : ExitCodes.Success;
    }

    /// <summary>What pip or uv prints, as it comes.</summary>
    private sealed class Lines : IProgress<OperationProgress>
    {
        public void Report(OperationProgress value) => Console.Error.WriteLine($"  {value.Step}");
    }
}
