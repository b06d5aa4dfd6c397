using System.CommandLine;
using ServiceCtl.Client;
using ServiceCtl.Client.Api;
using ServiceCtl.Contracts;
using ServiceCtl.Host.Output;
using ServiceCtl.Host.Syntax;

namespace ServiceCtl.Host.Commands;

/// <summary>unit: services, the agent or a daemon as units of systemd, or as scripts of SysV init.</summary>
internal static class UnitCommand
{
    private static readonly Argument<string[]> Names = SharedOptions.Names();
    private static readonly Option<ServiceUnitType?> Type = OptionValues.Choice(
        "--type", "The init system: systemd (the default) or sysv.",
        [("systemd", ServiceUnitType.Systemd), ("sysv", ServiceUnitType.SysV)]);

    private static readonly Option<bool> Agent = new(
        "--agent")
    { Description = "Make the unit of the agent, which brings its services back after a reboot." };
    private static readonly Option<string?> Daemon = OptionValues.FilePath("--daemon",
        "Make the unit of a daemon: a program, or a .ps1 or .py script. The name before it is the unit's.", "file");
    private static readonly Option<string?> User = OptionValues.Word("--user", "The user the daemon runs as. Default: root.", "name");
    private static readonly Option<string?> Destination = OptionValues.FilePath("--destination",
        "Write the files into this folder instead of printing them.", "folder", "-d");
    private static readonly Option<bool> Force = SharedOptions.Force("Overwrite files that exist.");
    private static readonly Option<bool> Json = SharedOptions.Json();

    public static Command Create()
    {
        var command = new Verb("unit", "Make units for systemd, or scripts for SysV init, that run services, the agent or a daemon.",
            [
                ("servicectl unit --agent", "Print the unit that starts the agent at boot."),
                ("servicectl unit web -d /etc/systemd/system", "Let systemd own a service, without the agent."),
                ("servicectl unit mover --daemon /srv/mover.ps1 --user mover", "Print the unit of a daemon."),
            ]) { Names, Type, Agent, Daemon, User, Destination, Force, Json };
        command.Rules
            .Add(parsed => parsed.GetValue(Agent) && (parsed.GetValue(Names) is { Length: > 0 } || parsed.GetValue(Daemon) is not null)
            ? "--agent takes no name and no --daemon." : null);
        command.Rules
            .Add(parsed =>
                parsed.GetValue(Daemon) is not null && parsed.GetValue(Names) is { Length: > 1 }
                    ? "--daemon makes one unit: give one name." : null);
        command.Rules.Add(parsed => parsed.GetValue(User) is not null && parsed.GetValue(Daemon) is null
            ? "--user needs --daemon; a service's user is service.user in its configuration." : null);
        command.SetAction(RunAsync);
        return HostRelay.AddTo(command);
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        using var client = Services.Open();
        IReadOnlyList<PyServiceUnit> units = await MakeAsync(client, parsed, cancellation);

        if (parsed.GetValue(Json))
        {
            await ConsoleOutput.WriteJsonAsync(units, AgentJson.Default.IReadOnlyListPyServiceUnit);
            return ExitCodes.Success;
        }

        foreach (var unit in units)
            await (unit.Path is { } path ? ConsoleOutput.WriteLineAsync($"{unit.Name}: wrote {path}.")
                : ConsoleOutput.WriteDocumentAsync($"# {unit.FileName}\n{unit.Content}\n"));
        return ExitCodes.Success;
    }

    private static async Task<IReadOnlyList<PyServiceUnit>> MakeAsync(
        ServiceCtlClient client, ParseResult parsed, CancellationToken cancellation)
    {
        var (type, names) = (parsed.GetValue(Type) ?? ServiceUnitType.Systemd, parsed.GetValue(Names) ?? []);
        var place = parsed.GetValue(Destination) is { } folder ? new UnitPlace(folder, parsed.GetValue(Force)) : null;
        if (parsed.GetValue(Agent))
            return await client.Units.MakeForAgentAsync(type, place, cancellation);
        if (parsed.GetValue(Daemon) is { } daemon)
        {
            var request = new DaemonUnitRequest
            {
                Name = names.Length > 0 ? names[0] : Path.GetFileNameWithoutExtension(daemon),
                Program = ServiceFolder.Resolve(daemon),
                User = parsed.GetValue(User),
            };
            return await client.Units.MakeForDaemonAsync(request, type, place, cancellation);
        }

        var units = new List<PyServiceUnit>();
        foreach (var service in await client.Services.GetAsync(await Services.SelectAsync(client, names, cancellation), cancellation))
            units.AddRange(await client.Units.MakeForServiceAsync(service.Name, type, place, cancellation));
        return units;
    }
}
