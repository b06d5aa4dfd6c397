using System.CommandLine;
using System.Text;
using ServiceCtl.Client;
using ServiceCtl.Host.Output;
using ServiceCtl.Host.Status;
using ServiceCtl.Host.Syntax;

namespace ServiceCtl.Host.Commands;

/// <summary>status: a page about one service, a table about several, both made by the agent.</summary>
internal static class StatusCommand
{
    private static readonly TimeSpan DefaultInterval = TimeSpan.FromSeconds(2);

    public static Command Create()
    {
        var names = SharedOptions.NamesOrAll();
        var states = SharedOptions.States();
        var watch = new Option<bool>("--watch", "-w") { Description = "Print it again and again, until Ctrl+C." };
        var interval = OptionValues.Duration("--interval", "Time between two prints of --watch, 0.1s to 1h. Default: 2s.",
            TimeSpan.FromSeconds(0.1), TimeSpan.FromHours(1));
        var json = SharedOptions.Json();
        var command = new Verb("status", "Show how services are doing.",
            [
                ("servicectl status", "Show the service in this folder; elsewhere, all."),
                ("servicectl status web", "Show one on a page: workers, memory, commit, last exit."),
                ("servicectl status 'web-*' --watch --interval 5s", "Watch several."),
                ("servicectl status --state failed,restarting", "Show those that are in trouble."),
                ("servicectl status web -q || servicectl start web", "Use the exit code alone."),
                ("servicectl status --host web1,web2", "Show the services of two other hosts in one table."),
            ],
            "Exits with 3 if a service that was asked for is not running.") { names, states, watch, interval, json };
        command.Rules.Add(parsed => parsed.GetValue(interval) is not null && !parsed.GetValue(watch) ? "--interval needs --watch." : null);
        var hosts = HostOptions.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var group = hosts.Open(parsed);
            var query = new StatusQuery(parsed.GetValue(names) ?? [], parsed.GetValue(states) ?? [], parsed.GetValue(json));
            TimeSpan? pause = parsed.GetValue(watch) ? parsed.GetValue(interval) ?? DefaultInterval : null;
            return group.Here is { } client
                ? await RunAsync(client, query, pause, cancellation)
                : await RepeatAsync(output => HostStatus.PrintAsync(group, query, output, cancellation), pause, cancellation);
        });
        return command;
    }

    private static async Task<int> RunAsync(ServiceCtlClient client, StatusQuery query, TimeSpan? interval, CancellationToken cancellation)
    {
        var everything = query.Names.Length == 0 && (query.States.Length > 0 || Services.FindConfigHere() is null);
        var selected = everything ? [] : await Services.SelectAsync(client, query.Names, cancellation);
        var isColored = ConsoleOutput.StyleOf(opening: null, isError: false).IsColored;
        return await RepeatAsync(PrintAsync, interval, cancellation);

        async Task<int> PrintAsync(Stream output)
        {
            var notRunning = await client.Services.PrintStatusAsync(selected, query.States, query.AsJson, isColored, output, cancellation);
            if (query.AsJson)
                output.WriteByte((byte)'\n');
            return notRunning > 0 && !everything ? ExitCodes.NotRunning : ExitCodes.Success;
        }
    }

    /// <summary>Prints once, or again and again.</summary>
    private static async Task<int> RepeatAsync(Func<Stream, Task<int>> printAsync, TimeSpan? interval, CancellationToken cancellation)
    {
        if (interval is not { } pause)
        {
            await using var output = Console.OpenStandardOutput();
            return await printAsync(output);
        }

        using var screen = new LineOutput(isLive: true);
        while (true)
        {
            using var page = new MemoryStream();
            await printAsync(page);
            var text = Encoding.UTF8.GetString(page.ToArray()).TrimEnd('\n');
            // Cleared only when the next page is there, so that nothing flickers.
            if (!screen.TryWrite(Terminal.IsPresent ? $"\e[H\e[2J{text}" : text))
                return ExitCodes.Success;
            await Task.Delay(pause, cancellation);
        }
    }
}
