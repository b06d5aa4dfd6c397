using System.CommandLine;
using System.Text;
using ServiceCtl.Contracts;
using ServiceCtl.Host.Output;
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
            ],
            "Exits with 3 if a service that was asked for is not running.") { names, states, watch, interval, json };
        command.Rules.Add(parsed => parsed.GetValue(interval) is not null && !parsed.GetValue(watch) ? "--interval needs --watch." : null);
        command.SetAction((parsed, cancellation) => RunAsync(
            parsed.GetValue(names) ?? [], parsed.GetValue(states) ?? [], parsed.GetValue(json),
            parsed.GetValue(watch) ? parsed.GetValue(interval) ?? DefaultInterval : null, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        string[] names, ServiceState[] states, bool json, TimeSpan? interval, CancellationToken cancellation)
    {
        using var client = Services.Open();
        var everything = names.Length == 0 && (states.Length > 0 || Services.FindConfigHere() is null);
        var selected = everything ? [] : await Services.SelectAsync(client, names, cancellation);
        var isColored = ConsoleOutput.StyleOf(opening: null, isError: false).IsColored;

        if (interval is not { } pause)
        {
            await using var output = Console.OpenStandardOutput();
            var notRunning = await PrintAsync(output);
            return notRunning > 0 && !everything ? ExitCodes.NotRunning : ExitCodes.Success;
        }

        using var screen = new LineOutput(isLive: true);
        while (true)
        {
            using var page = new MemoryStream();
            await PrintAsync(page);
            var text = Encoding.UTF8.GetString(page.ToArray()).TrimEnd('\n');
            // Cleared only when the next page is there, so that nothing flickers.
            if (!screen.TryWrite(Terminal.IsPresent ? $"\e[H\e[2J{text}" : text))
                return ExitCodes.Success;
            await Task.Delay(pause, cancellation);
        }

        async Task<int> PrintAsync(Stream output)
        {
            var notRunning = await client.Services.PrintStatusAsync(selected, states, json, isColored, output, cancellation);
            if (json)
                output.WriteByte((byte)'\n');
            return notRunning;
        }
    }
}
