using System.CommandLine;
using ServiceCtl.Contracts;
using ServiceCtl.Engine;
using ServiceCtl.Engine.Agent;

namespace ServiceCtl.Host.Commands;

/// <summary>register and unregister: which services the host knows.</summary>
internal static class RegistrationCommands
{
    public static Command CreateRegister()
    {
        var paths = new Argument<string[]>("path")
        {
            DefaultValueFactory = _ => ["."],
            Description = "Folders of services, or their configuration files. Default: this folder.",
        };
        var name = new Option<string?>("--name") { Description = "The name of a single one. Default: SERVICE_NAME of its configuration, else its folder's name." };
        var atBoot = new Option<bool>("--at-boot") { Description = "Run them after each boot, until somebody stops them: installs the agent's unit. Needs root." };
        var json = SharedOptions.Json();
        var command = new Command("register", "Make services known. Every verb given in a service's folder does so too.") { paths, name, atBoot, json };
        command.Validators.Add(result =>
        {
            if (result.GetValue(name) is not null && result.GetValue(paths) is { Length: > 1 })
                result.AddError("One --name can't be given to several services.");
        });
        command.SetAction((parsed, cancellation) => RegisterAsync(parsed.GetValue(paths)!, parsed.GetValue(name), parsed.GetValue(atBoot), parsed.GetValue(json), cancellation));
        return command;
    }

    public static Command CreateUnregister()
    {
        var names = new Argument<string[]>("name") { Arity = ArgumentArity.OneOrMore, Description = "Services, by name." };
        var force = new Option<bool>("--force") { Description = "Stop what runs, instead of refusing." };
        var command = new Command("unregister", "Forget services. Their folders and logs are left alone.") { names, force };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var manager = Services.Open();
            foreach (var name in parsed.GetValue(names)!)
            {
                await manager.UnregisterAsync(name, cancellation, parsed.GetValue(force));
                await Console.Out.WriteLineAsync($"{name} is no longer registered.");
            }

            return ExitCodes.Success;
        });
        return command;
    }

    private static async Task<int> RegisterAsync(string[] paths, string? name, bool atBoot, bool json, CancellationToken cancellation)
    {
        using var manager = Services.Open();
        var unit = atBoot ? await manager.InstallAtBootAsync(cancellation) : null;
        if (unit is not null && !json)
            await Console.Out.WriteLineAsync($"The agent is started at boot, by {unit.Path}.");
        var results = name is null
            ? await manager.RegisterAsync(paths, cancellation, atBoot).ToListAsync(cancellation)
            : [new RegistrationResult { Path = ServiceManager.ResolvePath(paths[0]), Service = await manager.RegisterAsync(paths[0], name, cancellation, atBoot) }];
        foreach (var result in json ? [] : results)
        {
            if (result.Error is { } error)
                await ConsoleOutput.WriteErrorAsync(error);
            else
                await Console.Out.WriteLineAsync($"{result.Service!.Name} is registered with {result.Service.ConfigPath}.");
        }

        if (json)
            await ConsoleOutput.WriteJsonAsync(results, AgentJson.Default.IReadOnlyListRegistrationResult);
        return results.Exists(result => result.Error is not null) ? ExitCodes.Failed : ExitCodes.Success;
    }
}
