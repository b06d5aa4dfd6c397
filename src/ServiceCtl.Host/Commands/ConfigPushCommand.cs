using System.CommandLine;
using ServiceCtl.Contracts;
using ServiceCtl.Engine;
using ServiceCtl.Engine.Agent;

namespace ServiceCtl.Host.Commands;

/// <summary>config push: a configuration for services that take one from others.</summary>
internal static class ConfigPushCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "The configuration: JSON, YAML, TOML or INI, as the file's name says; '-' for JSON from standard input." };
        var names = SharedOptions.Names();
        names.Description = "Services, by name or pattern. Without one: the service whose folder this is.";
        var preview = new Option<bool>("--preview") { Description = "Show what it would change, and whether that needs a restart. Nothing is done." };
        var noRollback = new Option<bool>("--no-rollback") { Description = "Keep it though a service does not become ready with it; else the previous one is put back." };
        var noWait = new Option<bool>("--no-wait") { Description = "Don't wait for restarts." };
        var json = SharedOptions.Json();
        var command = new Command("push", "Push a configuration to services with service.remote. Wrong: refused. Equal: nothing is done. Else they are started anew with it.")
        {
            file, names, preview, noRollback, noWait, json,
        };
        command.SetAction((parsed, cancellation) => RunAsync(
            parsed.GetValue(file)!,
            new ConfigPushRequest { Service = "", Text = "", Preview = parsed.GetValue(preview), NoRollback = parsed.GetValue(noRollback), NoWait = parsed.GetValue(noWait) },
            parsed.GetValue(names) ?? [], parsed.GetValue(json), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string file, ConfigPushRequest request, string[] names, bool json, CancellationToken cancellation)
    {
        request = file == "-"
            ? request with { Text = await Console.In.ReadToEndAsync(cancellation), Source = "standard input" }
            : request with { Text = await ServiceManager.ReadFileAsync(ServiceManager.ResolvePath(file), cancellation), Source = file, Format = ServiceManager.FormatOf(file) };
        using var manager = Services.Open();
        var services = await manager.GetServicesAsync(await Services.SelectAsync(manager, names, cancellation), cancellation);
        var pushes = new List<PyServiceConfigPush>();
        var refused = false;
        foreach (var service in services)
        {
            try
            {
                var push = await manager.PushConfigurationAsync(request with { Service = service.Name }, cancellation);
                pushes.Add(push);
                refused |= push.Error is not null;
                if (!json)
                    await WriteAsync(push);
            }
            catch (ServiceCtlException error) when (error.Code is not ErrorCode.AgentUnreachable)
            {
                refused = true;
                await ConsoleOutput.WriteErrorAsync(error.Report);
            }
        }

        if (json)
            await ConsoleOutput.WriteJsonAsync(pushes, AgentJson.Default.IReadOnlyListPyServiceConfigPush);
        return refused ? ExitCodes.Failed : ExitCodes.Success;
    }

    private static async Task WriteAsync(PyServiceConfigPush push)
    {
        if (push.Error is { } error)
            await ConsoleOutput.WriteErrorAsync(error with { Message = push.Message });
        else
            await Console.Out.WriteLineAsync(push.Message);
        foreach (var difference in push.Differences)
            await Console.Out.WriteLineAsync($"  {difference}");
    }
}
