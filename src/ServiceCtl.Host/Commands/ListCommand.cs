using System.CommandLine;
using ServiceCtl.Client.Api;
using ServiceCtl.Contracts;
using ServiceCtl.Host.Output;
using ServiceCtl.Host.Syntax;

namespace ServiceCtl.Host.Commands;

/// <summary>list: the registered services, as the agent has them in memory.</summary>
internal static class ListCommand
{
    public static Command Create()
    {
        var names = SharedOptions.Names("Services: names or patterns. Default: all.");
        var states = SharedOptions.States();
        var json = SharedOptions.Json();
        var command = new Verb("list", "List the registered services: name, state, start at boot, configuration.",
            [("servicectl list", "List all."), ("servicectl list --state failed", "List those that have failed."),
                ("servicectl list 'web-*' --json", "List some, for a script.")],
            "'servicectl status' shows more, and takes longer.") { names, states, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = Services.Open();
            var patterns = parsed.GetValue(names) ?? [];
            var wanted = parsed.GetValue(states) ?? [];
            var services = await client.Services.GetAsync(patterns, cancellation);
            if (wanted.Length > 0)
                services = [.. services.Where(service => wanted.Contains(service.State))];
            if (parsed.GetValue(json))
                await ConsoleOutput.WriteJsonAsync(services, AgentJson.Default.IReadOnlyListPyService);
            else if (services.Count == 0 && wanted.Length > 0)
                await ConsoleOutput.WriteErrorLineAsync($"No service is {string.Join(" or ", wanted)}.");
            else if (services.Count == 0)
                await Services.WriteNoMatchAsync(patterns);
            foreach (var line in parsed.GetValue(json) ? [] : LinesOf(services))
                await ConsoleOutput.WriteLineAsync(line);
            return ExitCodes.Success;
        });
        return command;
    }

    internal static IEnumerable<string> LinesOf(IReadOnlyList<PyService> services)
    {
        var width = services.Select(service => service.Name.Length).DefaultIfEmpty().Max();
        return services.Select(
            service => $"{service.Name.PadRight(width)}  {service.State,-10}  {Boot(service.AtBoot),-8}  {service.ConfigPath}");
    }

    private static string Boot(BootStart start) =>
        start switch { BootStart.Enabled => "enabled", BootStart.Disabled => "disabled", _ => "-" };
}
