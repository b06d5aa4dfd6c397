using System.CommandLine;
using ServiceCtl.Client;
using ServiceCtl.Client.Api;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Messages;
using ServiceCtl.Host.Output;
using ServiceCtl.Host.Syntax;

namespace ServiceCtl.Host.Commands;

/// <summary>enable and disable: whether services are started at boot.</summary>
internal static class BootCommands
{
    public static Command CreateEnable() => Create(
        "enable", BootStart.Enabled, "Start services at every boot.",
        [
            ("sudo servicectl enable web", "Start it at every boot from now on."),
            ("servicectl enable 'web-*' '!web-test'", "Enable several."),
            ("servicectl list", "See which services are enabled."),
        ],
        "Nothing is started now. The agent's unit is installed and enabled if it was not: for root with systemd or SysV init, for others "
            + "with 'systemctl --user'. A service that was never enabled or disabled runs again after a boot if it was running before.");

    public static Command CreateDisable() => Create(
        "disable", BootStart.Disabled, "Don't start services at boot any more.",
        [("servicectl disable web", "Leave it stopped after a boot."), ("servicectl disable '*' '!web'", "Disable all but one.")],
        "What runs goes on. The agent's unit stays: it starts the other services.");

    /// <summary>Says that the agent is started at boot now, or why it isn't.</summary>
    public static async Task WriteAsync(AgentAtBoot agent, bool isQuiet)
    {
        if (agent is { IsNew: true, Unit: { } unit } && !isQuiet)
            await ConsoleOutput.WriteLineAsync($"The agent starts at boot: {unit}.");
        if (agent.Problem is { } problem)
            await ConsoleOutput.WriteAsync([new MessageLine(MessageKind.Warning, $"warning: {problem}")], opening: null);
    }

    private static Verb Create(string name, BootStart start, string description, (string, string)[] examples, string details)
    {
        var names = SharedOptions.Names();
        var json = SharedOptions.Json();
        var command = new Verb(name, description, examples, details) { names, json };
        command.SetAction((parsed, cancellation) => RunAsync(parsed.GetValue(names) ?? [], start, parsed.GetValue(json), cancellation));
        return HostRelay.AddTo(command);
    }

    private static async Task<int> RunAsync(string[] names, BootStart start, bool json, CancellationToken cancellation)
    {
        using var client = Services.Open();
        var patterns = await Services.SelectAsync(client, names, cancellation);
        var services = await client.Services.GetAsync(patterns, cancellation);
        if (services.Count > 0 && start == BootStart.Enabled)
            await WriteAsync(await client.Units.EnsureAtBootAsync(cancellation), isQuiet: json);

        var changed = new List<PyService>();
        foreach (var service in services)
        {
            changed.Add(await client.Services.SetAtBootAsync(service.Name, start, cancellation));
            if (!json)
                await ConsoleOutput.WriteLineAsync(
                    start == BootStart.Enabled ? $"{service.Name} starts at boot." : $"{service.Name} does not start at boot.");
        }

        if (json)
            await ConsoleOutput.WriteJsonAsync(changed, AgentJson.Default.IReadOnlyListPyService);
        else if (services.Count == 0)
            await Services.WriteNoMatchAsync(patterns);
        return ExitCodes.Success;
    }
}
