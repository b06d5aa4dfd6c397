using System.CommandLine;
using ServiceCtl.Client;
using ServiceCtl.Client.Api;
using ServiceCtl.Contracts;
using ServiceCtl.Host.Agent;
using ServiceCtl.Host.Output;
using ServiceCtl.Host.Syntax;

namespace ServiceCtl.Host.Commands;

/// <summary>agent: show, start or stop the process that owns the services; 'run' is that process.</summary>
internal static class AgentCommands
{
    public static Command Create()
    {
        var json = SharedOptions.Json();
        json.Recursive = true;
        var command = new Verb("agent", "Show, start or stop the agent.",
            [
                ("servicectl agent", "Show version, pid, socket and log of the running agent."),
                ("servicectl agent restart", "Replace it after an upgrade; services keep running."),
            ],
            "The agent is the process that owns your services on this host. Every verb that needs it starts it. Without a verb, this is "
                + "'agent status'.")
        {
            json, CreateStatus(json), CreateStart(json), CreateStop(json), CreateRestart(json), CreateRun(),
            CreateDial(), CreateDeploy(), CreateAlerts(), ContainerCommand.Create(),
        };
        command.SetAction((parsed, cancellation) => ShowAsync(parsed.GetValue(json), cancellation));
        string[] processes = ["run", "dial", "deploy", "alerts", ContainerCommand.Name];
        foreach (var process in command.Subcommands.OfType<Verb>().Where(each => processes.Contains(each.Name)))
            process.Refuse([json.Name], option => $"{process.Name} is a process, not a question: it takes no {option}.");
        return HostRelay.AddTo(command, RelayKind.Text, processes);
    }

    private static Verb CreateStatus(Option<bool> json)
    {
        var command = new Verb("status", "Show the running agent. Exits with 3 if there is none.",
            [("servicectl agent status --json", "Show it as JSON.")]);
        command.SetAction((parsed, cancellation) => ShowAsync(parsed.GetValue(json), cancellation));
        return command;
    }

    private static Verb CreateStart(Option<bool> json)
    {
        var atBoot = new Option<bool>("--at-boot") { Description = "Have the init system start it at every boot, too." };
        var command = new Verb("start", "Start the agent if it is not running.",
            [
                ("servicectl agent start", "Start it, and show it."),
                ("sudo servicectl agent start --at-boot", "Have it bring services back after a reboot."),
            ]) { atBoot };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = Services.Open();
            if (parsed.GetValue(atBoot))
                await BootCommands.WriteAsync(await client.Units.EnsureAtBootAsync(cancellation), isQuiet: parsed.GetValue(json));
            await WriteAsync(await client.Agent.StartAsync(cancellation), parsed.GetValue(json));
            return ExitCodes.Success;
        });
        return command;
    }

    private static Verb CreateStop(Option<bool> json)
    {
        var force = SharedOptions.Force("Stop the running services, too.");
        var keep = new Option<bool>("--keep-services") { Description = "Leave the services running; the next agent takes them over." };
        var command = new Verb("stop", "Stop the agent. Refused while services run, unless you say what happens to them.",
            [
                ("servicectl agent stop --keep-services", "Stop the agent alone."),
                ("servicectl agent stop --force", "Stop the services and the agent."),
            ]) { force, keep };
        command.Rules.Add(parsed => parsed.GetValue(force) && parsed.GetValue(keep)
            ? "--force stops the running services and --keep-services leaves them running: give one of them." : null);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = Services.Open();
            var running = parsed.GetValue(force) ? RunningServices.Stop : parsed.GetValue(keep)
                ? RunningServices.Keep : RunningServices.Refuse;
            var stopped = await client.Agent.StopAsync(running, cancellation);
            if (!parsed.GetValue(json))
                await ConsoleOutput.WriteLineAsync(stopped is null ? "No agent is running." : "The agent has stopped.");
            else if (stopped is not null)
                await WriteAsync(stopped, json: true);
            return ExitCodes.Success;
        });
        return command;
    }

    private static Verb CreateRestart(Option<bool> json)
    {
        var command = new Verb("restart",
            "Replace the running agent by one of this version. Services keep running. Exits with 3 if there is no agent.",
            [("servicectl agent restart", "Do it after an upgrade.")]);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = Services.Open();
            return await ShowAsync(await client.Agent.RestartAsync(cancellation), parsed.GetValue(json));
        });
        return command;
    }

    private static Verb CreateRun()
    {
        var ready = OptionValues.Number("--ready-descriptor", "Write 'ready', or why not, to this file descriptor.", 3, 1 << 20);
        ready.Hidden = true;
        var command = new Verb("run", "Run the agent in the foreground, for unit files and containers.",
            [("servicectl agent run", "Run it until SIGTERM.")]) { ready };
        command.SetAction((parsed, _) => AgentHost.RunAsync(parsed.GetValue(ready)));
        return command;
    }

    private static Verb CreateDial()
    {
        var command = new Verb("dial", "Join standard input and output to the agent, starting it if necessary; 'ssh' runs it for '--host'.",
            [("ssh web1 servicectl agent dial", "See whether the command on another host can be reached.")],
            "Prints a line with its version, one that the agent is ready, and carries HTTP/2 from then on.");
        command.SetAction(async (_, cancellation) =>
        {
            using var client = Services.Open();
            await using var input = Console.OpenStandardInput();
            await using var output = Console.OpenStandardOutput();
            return await client.Agent.DialAsync(input, output, cancellation) ? ExitCodes.Success : ExitCodes.Failed;
        });
        return command;
    }

    private static Verb CreateDeploy()
    {
        var command = new Verb("deploy", "Run the steps of a deploy on this host. 'servicectl deploy' starts it over SSH.",
            [("ssh web1 servicectl agent deploy", "See whether a deploy can reach the command on another host.")],
            "Prints two lines as a greeting, then reads orders and writes their answers.");
        command.SetAction(async (_, cancellation) =>
        {
            using var client = Services.Open();
            await using var input = Console.OpenStandardInput();
            await using var output = Console.OpenStandardOutput();
            await client.Releases.ServeAsync(input, output, cancellation);
            return ExitCodes.Success;
        });
        return command;
    }

    private static Verb CreateAlerts()
    {
        var names = SharedOptions.NamesOrAll();
        var descriptor = OptionValues.Number("--try-descriptor", "Send a trial, and write what came of it to this file descriptor.", 3,
            1 << 20);
        descriptor.Hidden = true;
        var command = new Verb("alerts", "Send the alerts that wait. The agent starts it when there is something to send.",
            [("servicectl agent alerts", "Send what another one has left behind.")],
            "Ends when nothing waits any more, and when the process that started it has ended.") { names, descriptor };
        command.Hidden = true;
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = Services.Open();
            if (parsed.GetValue(descriptor) is { } pipe)
                await client.Alerts.TryAsync(parsed.GetValue(names) ?? [], pipe, cancellation);
            else
                await client.Alerts.SendAsync(line => _ = ConsoleOutput.WriteErrorLineAsync(line), cancellation);
            return ExitCodes.Success;
        });
        return command;
    }

    private static async Task<int> ShowAsync(bool json, CancellationToken cancellation)
    {
        using var client = Services.Open();
        return await ShowAsync(await client.Agent.FindAsync(cancellation), json);
    }

    private static async Task<int> ShowAsync(AgentInfo? found, bool json)
    {
        if (found is { } agent)
        {
            await WriteAsync(agent, json);
            if (!json && agent.Version != ServiceCtlClient.Version)
                await ConsoleOutput.WriteLineAsync(
                    $"This command is version {ServiceCtlClient.Version}. 'servicectl agent restart' replaces the agent; services "
                        + "keep running.");
            return ExitCodes.Success;
        }

        await ConsoleOutput.WriteErrorLineAsync("No agent is running.");
        return ExitCodes.NotRunning;
    }

    private static async Task WriteAsync(AgentInfo agent, bool json)
    {
        if (json)
            await ConsoleOutput.WriteJsonAsync(agent, AgentJson.Default.AgentInfo);
        else
            await ConsoleOutput.WriteLineAsync(TextOf(agent));
    }

    internal static string TextOf(AgentInfo agent) =>
        $"Agent {agent.Version}, pid {agent.Pid}, {agent.Socket}: {agent.Running} of {agent.Services} services running. Log: "
            + $"{agent.LogPath}" + string.Concat(agent.Warnings.Select(warning => $"\nwarning: {warning}"));
}
