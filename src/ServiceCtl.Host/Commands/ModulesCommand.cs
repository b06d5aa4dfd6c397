using System.CommandLine;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Agent;

namespace ServiceCtl.Host.Commands;

/// <summary>modules: where the modules are that services need; set below it.</summary>
internal static class ModulesCommand
{
    public static Command Create()
    {
        var names = SharedOptions.Names();
        names.Description = "Services, by name or pattern. Without one: the service whose folder this is.";
        var json = SharedOptions.Json();
        var command = new Command("modules", "Show where the modules are that services need, and whether they were told.") { names, json, CreateSet() };
        command.SetAction((parsed, cancellation) => ShowAsync(parsed.GetValue(names) ?? [], parsed.GetValue(json), cancellation));
        return command;
    }

    private static Command CreateSet()
    {
        var service = new Argument<string>("service") { Description = "The service that is told." };
        var module = new Argument<string>("module") { Description = "The module." };
        var addresses = new Argument<string[]>("address") { Description = "Where it is, as host:port. None at all says that it is nowhere.", Arity = ArgumentArity.ZeroOrMore };
        var json = SharedOptions.Json();
        var command = new Command("set", "Tell a service where a module is: now, and after each start.") { service, module, addresses, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var manager = Services.Open();
            var address = await manager.SetModuleAddressAsync(parsed.GetValue(service)!, parsed.GetValue(module)!, parsed.GetValue(addresses) ?? [], cancellation);
            await WriteAsync([address], parsed.GetValue(json));
            return ExitCodes.Success;
        });
        return command;
    }

    private static async Task<int> ShowAsync(string[] names, bool json, CancellationToken cancellation)
    {
        using var manager = Services.Open();
        var modules = new List<PyServiceModuleAddress>();
        foreach (var service in await manager.GetServicesAsync(await Services.SelectAsync(manager, names, cancellation), cancellation))
            modules.AddRange(await manager.GetModuleAddressesAsync(service.Name, cancellation));
        await WriteAsync(modules, json);
        return modules.Exists(module => module.IsMissing) ? ExitCodes.Failed : ExitCodes.Success;
    }

    private static async Task WriteAsync(IReadOnlyList<PyServiceModuleAddress> modules, bool json)
    {
        if (json)
        {
            await ConsoleOutput.WriteJsonAsync(modules, AgentJson.Default.IReadOnlyListPyServiceModuleAddress);
            return;
        }

        foreach (var module in modules)
        {
            var state = module switch
            {
                { IsMissing: true } => "MISSING",
                { IsDelivered: null } => "service does not run",
                { IsDelivered: true } => "told",
                _ => $"not told: {module.Problem ?? "it will be in a moment"}",
            };
            await Console.Out.WriteLineAsync($"{module.Service}  {module.Module}  {(module.Hosts.Count == 0 ? "nowhere" : string.Join(", ", module.Hosts))}  ({state})");
        }
    }
}
