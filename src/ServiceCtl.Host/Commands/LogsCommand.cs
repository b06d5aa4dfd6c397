using System.CommandLine;
using ServiceCtl.Contracts;
using ServiceCtl.Engine;
using ServiceCtl.Engine.Agent;

namespace ServiceCtl.Host.Commands;

/// <summary>logs: what services print and log, line by line.</summary>
internal static class LogsCommand
{
    public static Command Create()
    {
        var names = SharedOptions.NamesOrAll();
        var tail = SharedOptions.Tail("lines of each service");
        var since = SharedOptions.Time("--since", "Lines from this time on.");
        var until = SharedOptions.Time("--until", "Lines up to this time.");
        var follow = SharedOptions.Follow();
        var pattern = new Option<string?>("--grep", "-g") { Description = "Lines that match this regular expression; upper and lower case are the same.", HelpName = "pattern" };
        var origin = new Option<LogOrigin>("--source") { Description = "What the service prints (output), what its server logs by itself (server), or both, by time (all)." };
        var times = new Option<bool>("--timestamps", "-t") { Description = "Begin each line with its time." };
        var json = SharedOptions.Json();
        json.Description = "Print a JSON object per line.";
        var command = new Command("logs", "Show what services print and log. Needs no agent.") { names, tail, since, until, follow, pattern, origin, times, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var manager = Services.Open();
            var selected = await Services.SelectKnownAsync(manager, parsed.GetValue(names) ?? [], cancellation);
            var request = new LogRequest
            {
                Services = selected,
                Origin = parsed.GetValue(origin),
                Tail = parsed.GetValue(tail),
                Since = parsed.GetValue(since),
                Until = parsed.GetValue(until),
                Pattern = parsed.GetValue(pattern),
                Follow = parsed.GetValue(follow),
            };
            var format = new LineFormat(Name: selected.Count != 1 || selected[0].AsSpan().ContainsAny('*', '?'), Time: parsed.GetValue(times));
            return await WriteAsync(manager, request, parsed.GetValue(json) ? null : format, cancellation);
        });
        return command;
    }

    /// <param name="manager">Reads them.</param>
    /// <param name="request">Which.</param>
    /// <param name="format">Null for JSON.</param>
    /// <param name="cancellation">Ends it.</param>
    private static async Task<int> WriteAsync(ServiceManager manager, LogRequest request, LineFormat? format, CancellationToken cancellation)
    {
        using var output = new LineOutput(isLive: request.Follow);
        await foreach (var line in manager.ReadLogsAsync(request, cancellation))
        {
            if (format is not null && line.IsRemark)
                await Console.Error.WriteLineAsync($"{line.Service}: {line.Text}");
            else if (!(format is null ? output.TryWrite(line, AgentJson.Default.LogLine) : output.TryWrite(format.TextOf(line))))
                break;
        }

        return ExitCodes.Success;
    }

    /// <param name="Name">Each line says whose it is.</param>
    /// <param name="Time">And when it came.</param>
    private sealed record LineFormat(bool Name, bool Time)
    {
        public string TextOf(LogLine line) =>
            (Time ? $"{(line.Time is { } time ? time.ToString("yyyy-MM-ddTHH:mm:ss.fffzzz", ConsoleOutput.Culture) : "-"),-29} " : "")
            + (Name ? $"{line.Service} | " : "")
            + line.Text;
    }
}
