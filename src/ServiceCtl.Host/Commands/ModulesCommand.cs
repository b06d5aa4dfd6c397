using System.CommandLine;
using ServiceCtl.Client.Api;
using ServiceCtl.Contracts;
using ServiceCtl.Host.Output;
using ServiceCtl.Host.Syntax;

namespace ServiceCtl.Host.Commands;

/// <summary>modules: where the modules are that services need; set below it.</summary>
internal static class ModulesCommand
{
    public static Command Create()
    {
        var names = SharedOptions.Names();
        var json = SharedOptions.Json();
        var command = new Verb("modules", "Show the addresses of the modules that services need, and whether the services have them.",
            [("servicectl modules web", "Show them; exits with 1 if one is missing."),
                ("servicectl modules set web billing 10.0.0.7:8080", "Tell a service where a module is.")])
        {
            names, json, CreateSet(),
        };
        command.SetAction((parsed, cancellation) => ShowAsync(parsed.GetValue(names) ?? [], parsed.GetValue(json), cancellation));
        return HostRelay.AddTo(command);
    }

    private static Verb CreateSet()
    {
        var service = new Argument<string>("service") { Description = "The service to tell." };
        var module = new Argument<string>("module") { Description = "The module." };
        var addresses = new Argument<string[]>(
            "address")
        {
            Description = "Its addresses, as host:port. Without one, the module has no address any more.",
            Arity = ArgumentArity.ZeroOrMore
        };
        var json = SharedOptions.Json();
        service.CompletionSources.Add(_ => Services.NamesForCompletion());
        service.Validators.Add(SharedOptions.RefuseEmpty);
        module.Validators.Add(SharedOptions.RefuseEmpty);
        addresses.Validators.Add(SharedOptions.RefuseEmpty);
        var command = new Verb("set", "Tell a service where a module is, now and after every start.",
            [("servicectl modules set web billing 10.0.0.7:8080 10.0.0.8:8080", "Give it two addresses."),
                ("servicectl modules set web billing", "Say that it is gone.")])
        {
            service, module, addresses, json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = Services.Open();
            var address = await client.Modules.SetAddressAsync(parsed.GetValue(service)!, parsed.GetValue(module)!,
                parsed.GetValue(addresses) ?? [], cancellation);
            await WriteAsync([address], parsed.GetValue(json));
            return ExitCodes.Success;
        });
        return command;
    }

    private static async Task<int> ShowAsync(string[] names, bool json, CancellationToken cancellation)
    {
        using var client = Services.Open();
        var modules = new List<PyServiceModuleAddress>();
        foreach (var service in await client.Services.GetAsync(await Services.SelectAsync(client, names, cancellation), cancellation))
            modules.AddRange(await client.Modules.GetAddressesAsync(service.Name, cancellation));
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
                { IsDelivered: null } => "service not running",
                { IsDelivered: true } => "delivered",
                _ => $"not delivered: {module.Problem ?? "pending"}",
            };
            await ConsoleOutput.WriteLineAsync(
                $"{module.Service}  {module.Module}  {(module.Hosts.Count == 0 ? "nowhere" : string.Join(", ", module.Hosts))}  ({state})");
        }
    }
}
