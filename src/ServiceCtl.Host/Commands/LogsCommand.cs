using System.CommandLine;
using ServiceCtl.Client;
using ServiceCtl.Client.Api;
using ServiceCtl.Contracts;
using ServiceCtl.Host.Output;
using ServiceCtl.Host.Syntax;

namespace ServiceCtl.Host.Commands;

/// <summary>logs: what services print and log, line by line.</summary>
internal static class LogsCommand
{
    public static Command Create()
    {
        var names = SharedOptions.NamesOrAll();
        var tail = SharedOptions.Tail("lines of each service");
        var since = SharedOptions.Time("--since", "Show lines from this time on.");
        var until = SharedOptions.Time("--until", "Show lines up to this time.");
        var follow = SharedOptions.Follow();
        var pattern = OptionValues.Word("--grep", "Show lines that match this regular expression, in upper or lower case.",
            "pattern", "-g");
        var origin = OptionValues.Choice(
            "--source", "What the service prints (output), what its server logs by itself (server), or both, by time (all, the default).",
            [("all", LogOrigin.All), ("output", LogOrigin.Output), ("server", LogOrigin.Server)]);
        var times = new Option<bool>("--timestamps", "-t") { Description = "Print the time before each line." };
        var raw = new Option<bool>(
            "--raw")
        { Description = "Print lines as they are, control characters included: they can steer a terminal." };
        var json = SharedOptions.Json("Print a JSON object per line.");
        var command = new Verb("logs", "Show what services print and log.",
            [
                ("servicectl logs web -n 50", "Show the last 50 lines."),
                ("servicectl logs -f --grep error", "Follow all services, and show lines with 'error'."),
                ("servicectl logs -f --host web1,web2", "Follow the services of two other hosts, merged by time."),
                ("servicectl logs web --since 10m --until 5m", "Show five minutes of the past."),
            ],
            "Reads the log files, so it works without an agent.") { names, tail, since, until, follow, pattern, origin, times, raw, json };
        command.Rules.Add(
            parsed => parsed.GetValue(follow) && parsed.GetValue(until) is not null ? "--follow has no end: leave --until out." : null);
        var hosts = HostOptions.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var group = hosts.Open(parsed);
            var selected = await Services.SelectKnownAsync(group, parsed.GetValue(names) ?? [], cancellation);
            var request = new LogRequest
            {
                Services = selected,
                Origin = parsed.GetValue(origin) ?? LogOrigin.All,
                Tail = parsed.GetValue(tail),
                Since = parsed.GetValue(since),
                Until = parsed.GetValue(until),
                Pattern = parsed.GetValue(pattern),
                Follow = parsed.GetValue(follow),
            };
            var format = new LineFormat(Name: selected.Count != 1 || Services.IsPattern(selected[0]), Time: parsed.GetValue(times),
                IsRaw: parsed.GetValue(raw), Host: group.AreSeveral);
            return await WriteAsync(group, request, parsed.GetValue(json) ? null : format, cancellation);
        });
        return command;
    }

    /// <param name="hosts">Where they are.</param>
    /// <param name="request">Which.</param>
    /// <param name="format">Null for JSON.</param>
    /// <param name="cancellation">Ends it.</param>
    private static async Task<int> WriteAsync(
        HostGroup hosts, LogRequest request, LineFormat? format, CancellationToken cancellation)
    {
        using var output = new LineOutput(isLive: request.Follow);
        var errors = new HostErrors();
        await foreach (var line in hosts.ReadLogsAsync(request, errors.WriteAsync, cancellation))
        {
            if (format is not null && line.IsRemark)
                await ConsoleOutput.WriteErrorLineAsync($"{line.Service}: {line.Text}");
            else if (!(format is null ? output.TryWrite(line, AgentJson.Default.LogLine) : output.TryWrite(format.TextOf(line))))
                break;
        }

        return errors.ExitCode;
    }

    /// <param name="Name">Each line says whose it is.</param>
    /// <param name="Time">And when it came.</param>
    /// <param name="IsRaw">Control characters stay as they are.</param>
    /// <param name="Host">Each line says which host it is from.</param>
    internal sealed record LineFormat(bool Name, bool Time, bool IsRaw, bool Host = false)
    {
        public string TextOf(LogLine line) =>
            (Time ? $"{(line.Time is { } time ? time.ToString("yyyy-MM-ddTHH:mm:ss.fffzzz", ConsoleOutput.Culture) : "-"),-29} " : "")
            + (Host ? $"{line.HostName} | " : "")
            + (Name ? $"{line.Service} | " : "")
            + (IsRaw ? line.Text : VisibleText.Line(line.Text));
    }
}
