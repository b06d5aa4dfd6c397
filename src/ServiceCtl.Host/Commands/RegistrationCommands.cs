using System.CommandLine;
using ServiceCtl.Engine.Agent;

namespace ServiceCtl.Host.Commands;

/// <summary>register and unregister: which services the host knows.</summary>
internal static class RegistrationCommands
{
    public static Command CreateRegister()
    {
        var path = new Argument<string>("path") { DefaultValueFactory = _ => ".", Description = "The service's folder or configuration file. Default: this folder." };
        var name = new Option<string?>("--name") { Description = "Its name. Default: SERVICE_NAME of its configuration, else its folder's name." };
        var json = SharedOptions.Json();
        var command = new Command("register", "Make a service known. Every verb given in a service's folder does so too.") { path, name, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var manager = Services.Open();
            var service = await manager.RegisterAsync(parsed.GetValue(path)!, parsed.GetValue(name), cancellation);
            if (parsed.GetValue(json))
                await ConsoleOutput.WriteJsonAsync(service, AgentJson.Default.PyService);
            else
                await Console.Out.WriteLineAsync($"{service.Name} is registered with {service.ConfigPath}.");
            return ExitCodes.Success;
        });
        return command;
    }

    public static Command CreateUnregister()
    {
        var names = new Argument<string[]>("name") { Arity = ArgumentArity.OneOrMore, Description = "Services, by name." };
        var command = new Command("unregister", "Forget services. Their folders and logs are left alone.") { names };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var manager = Services.Open();
            foreach (var name in parsed.GetValue(names)!)
            {
                await manager.UnregisterAsync(name, cancellation);
                await Console.Out.WriteLineAsync($"{name} is no longer registered.");
            }

            return ExitCodes.Success;
        });
        return command;
    }
}
