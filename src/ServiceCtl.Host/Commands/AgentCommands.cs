using System.CommandLine;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Agent;
using ServiceCtl.Host.Agent;

namespace ServiceCtl.Host.Commands;

/// <summary>agent: show, start or stop the process that owns the services; 'run' is that process.</summary>
internal static class AgentCommands
{
    public static Command Create()
    {
        var json = SharedOptions.Json();
        json.Recursive = true;
        return new Command("agent", "Show, start or stop the agent. Every other verb starts it when it is needed.")
        {
            json, CreateStatus(json), CreateStart(json), CreateStop(), CreateRun(),
        };
    }

    private static Command CreateStatus(Option<bool> json)
    {
        var command = new Command("status", "Show the running agent. Ends with 3 when there is none.");
        command.SetAction(async (parsed, cancellation) =>
        {
            using var manager = Services.Open();
            if (await manager.GetAgentAsync(cancellation) is { } agent)
            {
                await WriteAsync(agent, parsed.GetValue(json));
                return ExitCodes.Success;
            }

            await Console.Error.WriteLineAsync("No agent is running.");
            return ExitCodes.NotRunning;
        });
        return command;
    }

    private static Command CreateStart(Option<bool> json)
    {
        var command = new Command("start", "Start the agent if it is not running.");
        command.SetAction(async (parsed, cancellation) =>
        {
            using var manager = Services.Open();
            await WriteAsync(await manager.StartAgentAsync(cancellation), parsed.GetValue(json));
            return ExitCodes.Success;
        });
        return command;
    }

    private static Command CreateStop()
    {
        var force = new Option<bool>("--force") { Description = "Stop the running services with it, instead of refusing." };
        var keep = new Option<bool>("--keep-services") { Description = "Leave the running services running; the next agent takes them on." };
        var command = new Command("stop", "Stop the agent. Refused while services run.") { force, keep };
        command.Validators.Add(result =>
        {
            if (result.GetValue(force) && result.GetValue(keep))
                result.AddError("--force stops the running services and --keep-services leaves them running: give one of them.");
        });
        command.SetAction(async (parsed, cancellation) =>
        {
            using var manager = Services.Open();
            var running = parsed.GetValue(force) ? RunningServices.Stop : parsed.GetValue(keep) ? RunningServices.Keep : RunningServices.Refuse;
            await Console.Out.WriteLineAsync(await manager.StopAgentAsync(running, cancellation) ? "The agent has ended." : "No agent is running.");
            return ExitCodes.Success;
        });
        return command;
    }

    private static Command CreateRun()
    {
        var ready = new Option<int?>("--ready-descriptor") { Description = "Write one line into this file descriptor: 'ready', or why not.", HelpName = "fd" };
        var command = new Command("run", "Be the agent, in the foreground. For unit files and containers.") { ready };
        command.SetAction((parsed, _) => AgentHost.RunAsync(parsed.GetValue(ready)));
        return command;
    }

    private static async Task WriteAsync(AgentInfo agent, bool json)
    {
        if (json)
            await ConsoleOutput.WriteJsonAsync(agent, AgentJson.Default.AgentInfo);
        else
            await Console.Out.WriteLineAsync($"Agent {agent.Version}, pid {agent.Pid}, {agent.Socket}: {agent.Running} of {agent.Services} services running. Log: {agent.LogPath}");
    }
}
