using System.CommandLine;
using ServiceCtl.Client;
using ServiceCtl.Client.Api;
using ServiceCtl.Contracts;
using ServiceCtl.Host.Output;
using ServiceCtl.Host.Syntax;

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
            Arity = ArgumentArity.ZeroOrMore,
        };
        paths.Validators.Add(SharedOptions.RefuseEmpty);
        var name = OptionValues.Word("--name",
            "Register it by this name. Default: SERVICE_NAME of its configuration, else its folder's name.", "name");
        var atBoot = new Option<bool>("--at-boot") { Description = "Start them at every boot, as 'servicectl enable' does." };
        var source = SharedConfigOptions.Source();
        var json = SharedOptions.Json();
        var command = new Verb("register", "Register services with the agent.",
            [
                ("servicectl register /srv/*", "Register every service below a folder; failures are reported for each."),
                ("servicectl register . --name billing", "Register this folder by a name of your own."),
                ("servicectl register . --source 'settings/*.toml'",
                    "Search its configuration elsewhere than in config.*, config/ and etc/."),
                ("sudo servicectl register /srv/billing --at-boot", "Start it at boot, too."),
            ],
            "Verbs such as 'start' register the service in the current folder by themselves.") { paths, name, atBoot, source, json };
        command.Rules
            .Add(parsed =>
                parsed.GetValue(name) is not null && parsed.GetValue(paths) is { Length: > 1 }
                    ? "--name can't be given to several services." : null);
        command.SetAction(
            (parsed, cancellation) =>
                RegisterAsync(parsed.GetValue(paths)!, parsed.GetValue(name), parsed.GetValue(atBoot), parsed.GetValue(source) ?? [],
                    parsed.GetValue(json), cancellation));
        return HostRelay.AddTo(command);
    }

    public static Command CreateUnregister()
    {
        var names = SharedOptions.Names("Services: names, or patterns.");
        names.Arity = ArgumentArity.OneOrMore;
        var force = SharedOptions.Force("Stop what runs, instead of refusing.");
        var command = new Verb("unregister", "Remove services from the agent. Their folders and logs stay.",
            [("servicectl unregister web", "Remove one that is stopped."),
                ("servicectl unregister 'old-*' --force", "Stop several, and remove them.")])
        {
            names, force,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = Services.Open();
            var failed = false;
            var services = await client.Services.GetAsync(parsed.GetValue(names)!, cancellation);
            if (services.Count == 0)
                await Services.WriteNoMatchAsync(parsed.GetValue(names)!);
            foreach (var service in services)
            {
                try
                {
                    await client.Services.UnregisterAsync(service.Name, cancellation, parsed.GetValue(force));
                    await ConsoleOutput.WriteLineAsync($"{service.Name} is no longer registered.");
                }
                catch (ServiceCtlException error) when (error.Code is not ErrorCode.AgentUnreachable)
                {
                    failed = true;
                    await ConsoleOutput.WriteErrorAsync(error.Report);
                }
            }

            return failed ? ExitCodes.Failed : ExitCodes.Success;
        });
        return HostRelay.AddTo(command);
    }

    private static async Task<int> RegisterAsync(
        string[] paths, string? name, bool atBoot, string[] sources, bool json, CancellationToken cancellation)
    {
        using var client = Services.Open();
        if (atBoot)
            await BootCommands.WriteAsync(await client.Units.EnsureAtBootAsync(cancellation), isQuiet: json);
        var results = name is null
            ? await client.Services.RegisterAsync(paths, cancellation, atBoot, sources).ToListAsync(cancellation)
            : [new RegistrationResult { Path = ServiceFolder.Resolve(paths[0]),
                Service = await client.Services.RegisterAsync(paths[0], name, cancellation, atBoot, sources) }];
        foreach (var result in json ? [] : results)
        {
            if (result.Error is { } error)
                await ConsoleOutput.WriteErrorAsync(error);
            else
                await ConsoleOutput.WriteLineAsync($"{result.Service!.Name} is registered with {result.Service.ConfigPath}.");
        }

        if (json)
            await ConsoleOutput.WriteJsonAsync(results, AgentJson.Default.IReadOnlyListRegistrationResult);
        return results.Exists(result => result.Error is not null) ? ExitCodes.Failed : ExitCodes.Success;
    }
}
