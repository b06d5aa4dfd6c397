using System.CommandLine;
using ServiceCtl.Client;
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
                ("servicectl list 'web-*' --json", "List some, for a script."),
                ("servicectl list --host web1,web2", "List those of other hosts.")],
            "'servicectl status' shows more, and takes longer.") { names, states, json };
        var hosts = HostOptions.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var group = hosts.Open(parsed);
            return await ListAsync(
                group, parsed.GetValue(names) ?? [], parsed.GetValue(states) ?? [], parsed.GetValue(json), cancellation);
        });
        return command;
    }

    internal static IEnumerable<string> LinesOf(IReadOnlyList<PyService> services, bool withHosts = false)
    {
        var width = services.Select(service => service.Name.Length).DefaultIfEmpty().Max();
        var hostWidth = withHosts ? services.Select(service => service.HostName!.Length).DefaultIfEmpty().Max() + 2 : 0;
        return services.Select(service =>
            (withHosts ? service.HostName! : "").PadRight(hostWidth)
                + $"{service.Name.PadRight(width)}  {service.State,-10}  {Boot(service.AtBoot),-8}  {service.ConfigPath}");
    }

    private static async Task<int> ListAsync(
        HostGroup hosts, string[] patterns, ServiceState[] wanted, bool json, CancellationToken cancellation)
    {
        var answers = await hosts.AskAsync(host => host.Services.GetAsync(patterns, cancellation));
        var services = answers.SelectMany(answer => answer.Value ?? [])
            .Where(service => wanted.Length == 0 || wanted.Contains(service.State)).ToList();
        var errors = answers.Select(answer => answer.Error).OfType<ErrorReport>().ToList();
        if (json)
            await ConsoleOutput.WriteJsonAsync(services, AgentJson.Default.IReadOnlyListPyService);
        else if (services.Count == 0 && wanted.Length > 0)
            await ConsoleOutput.WriteErrorLineAsync($"No service is {string.Join(" or ", wanted)}.");
        else if (services.Count == 0 && errors.Count == 0)
            await Services.WriteNoMatchAsync(patterns);
        foreach (var line in json ? [] : LinesOf(services, hosts.AreSeveral))
            await ConsoleOutput.WriteLineAsync(line);
        foreach (var error in errors)
            await ConsoleOutput.WriteErrorAsync(error);
        return errors.Count > 0 ? ExitCodes.Failed : ExitCodes.Success;
    }

    private static string Boot(BootStart start) =>
        start switch { BootStart.Enabled => "enabled", BootStart.Disabled => "disabled", _ => "-" };
}
