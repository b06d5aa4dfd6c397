using System.CommandLine;
using ServiceCtl.Contracts;
using ServiceCtl.Engine;
using ServiceCtl.Engine.Agent;

namespace ServiceCtl.Host.Commands;

/// <summary>unit: services, the agent or a daemon as units of systemd, or as scripts of SysV init.</summary>
internal static class UnitCommand
{
    private static readonly Argument<string[]> Names = SharedOptions.Names();
    private static readonly Option<ServiceUnitType> Type = new("--type") { Description = "systemd (default) or sysv.", HelpName = "systemd|sysv" };
    private static readonly Option<bool> Agent = new("--agent") { Description = "The unit of the agent, which brings its services back after a reboot." };
    private static readonly Option<string?> Daemon = new("--daemon") { Description = "The unit of a daemon: a program, or a .ps1 or .py script. The name before it is the unit's.", HelpName = "file" };
    private static readonly Option<string?> User = new("--user") { Description = "The user that the daemon runs as. Default: root." };
    private static readonly Option<string?> Destination = new("--destination", "-d") { Description = "Write the files into this folder, instead of printing them.", HelpName = "folder" };
    private static readonly Option<bool> Force = new("--force") { Description = "Replace files that are there." };
    private static readonly Option<bool> Json = SharedOptions.Json();

    public static Command Create()
    {
        var command = new Command("unit", "Make units by which systemd or SysV init run services, the agent or a daemon.") { Names, Type, Agent, Daemon, User, Destination, Force, Json };
        command.Validators.Add(result =>
        {
            var names = result.GetValue(Names) ?? [];
            if (result.GetValue(Agent) && (names.Length > 0 || result.GetValue(Daemon) is not null))
                result.AddError("--agent stands alone.");
            if (result.GetValue(Daemon) is not null && names.Length > 1)
                result.AddError("--daemon makes one unit, and takes one name.");
            if (result.GetValue(User) is not null && result.GetValue(Daemon) is null)
                result.AddError("--user is for --daemon; a service's user is service.user of its configuration.");
        });
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        using var manager = Services.Open();
        IReadOnlyList<PyServiceUnit> units = await MakeAsync(manager, parsed, cancellation);
        if (parsed.GetValue(Destination) is { } folder)
            units = [.. units.Select(unit => ServiceManager.WriteUnit(unit, folder, parsed.GetValue(Force)))];

        if (parsed.GetValue(Json))
        {
            await ConsoleOutput.WriteJsonAsync(units, AgentJson.Default.IReadOnlyListPyServiceUnit);
            return ExitCodes.Success;
        }

        foreach (var unit in units)
            await Console.Out.WriteLineAsync(unit.Path is { } path ? $"{unit.Name}: {path} was written." : $"# {unit.FileName}\n{unit.Content}");
        return ExitCodes.Success;
    }

    private static async Task<IReadOnlyList<PyServiceUnit>> MakeAsync(ServiceManager manager, ParseResult parsed, CancellationToken cancellation)
    {
        var (type, names) = (parsed.GetValue(Type), parsed.GetValue(Names) ?? []);
        if (parsed.GetValue(Agent))
            return [manager.MakeAgentUnit(type)];
        if (parsed.GetValue(Daemon) is { } daemon)
        {
            return [ServiceManager.MakeDaemonUnit(
                new DaemonUnitRequest { Name = names.Length > 0 ? names[0] : Path.GetFileNameWithoutExtension(daemon), Program = ServiceManager.ResolvePath(daemon), User = parsed.GetValue(User) }, type)];
        }

        var units = new List<PyServiceUnit>();
        foreach (var service in await manager.GetServicesAsync(await Services.SelectAsync(manager, names, cancellation), cancellation))
            units.AddRange(await manager.MakeServiceUnitsAsync(service.Name, type, cancellation));
        return units;
    }
}
