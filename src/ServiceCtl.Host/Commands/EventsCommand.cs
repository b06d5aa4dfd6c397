using System.CommandLine;
using System.Text.Json;
using ServiceCtl.Client;
using ServiceCtl.Client.Api;
using ServiceCtl.Contracts;
using ServiceCtl.Host.Output;
using ServiceCtl.Host.Syntax;

namespace ServiceCtl.Host.Commands;

/// <summary>events: what has happened to services, and what happens.</summary>
internal static class EventsCommand
{
    private static readonly (string Word, ServiceEventKind Kind)[] Kinds =
        [.. Enum.GetValues<ServiceEventKind>().Select(kind => (JsonNamingPolicy.KebabCaseLower.ConvertName(kind.ToString()), kind))];

    private static readonly (string Word, ServiceEventLevel Level)[] Levels =
        [.. Enum.GetValues<ServiceEventLevel>().Select(level => (level.ToString().ToLowerInvariant(), level))];

    public static Command Create()
    {
        var names = SharedOptions.NamesOrAll();
        var kinds = OptionValues.Choices(
            "--kind",
            $"Show events of these kinds: {string.Join(", ", Kinds.Select(kind => kind.Word))}. May be a list with commas, hold patterns, "
                + "and be repeated.", "kind", Kinds,
            ("reloaded", ServiceEventKind.HotRestarted));
        var level = OptionValues.Choice("--level", "Show events that are at least so bad.", Levels);
        var tail = SharedOptions.Tail("events");
        var since = SharedOptions.Time("--since", "Show events from this time on.");
        var until = SharedOptions.Time("--until", "Events up to this time. Not with --follow.");
        var follow = SharedOptions.Follow();
        var lines = new Option<bool>("--lines") { Description = "Show the last log lines that belong to each event, too." };
        var json = SharedOptions.Json("Print a JSON object per event, each on a line.");
        var command = new Verb("events", "Show what has happened to services.",
            [
                ("servicectl events web --kind crashed --lines", "Show the crashes, each with the last lines of the log."),
                ("servicectl events --kind 'config-*,gave-up' --since 1d", "Show some kinds of the last day."),
                ("servicectl events --level error --since 1d", "Show what has failed in the last day."),
                ("servicectl events -f --json", "Follow all, for a script."),
            ],
            "Events are kept on disk, so they outlive the agent. A rule of service.on_failure can give its events another level.")
        {
            names, kinds, level, tail, since, until, follow, lines, json,
        };
        var hosts = HostOptions.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var group = hosts.Open(parsed);
            var request = new EventRequest
            {
                Services = await Services.SelectKnownAsync(group, parsed.GetValue(names) ?? [], cancellation),
                Kinds = parsed.GetValue(kinds) ?? [],
                Level = parsed.GetValue(level),
                Tail = parsed.GetValue(tail),
                Since = parsed.GetValue(since),
                Until = parsed.GetValue(until),
                Follow = parsed.GetValue(follow),
            };
            using var output = new LineOutput(isLive: request.Follow);
            var errors = new HostErrors();
            await foreach (var happened in group.ReadEventsAsync(request, errors.WriteAsync, cancellation))
            {
                if (!(parsed.GetValue(json) ? output.TryWrite(happened, AgentJson.Default.ServiceEvent)
                    : output.TryWrite(VisibleText.Of(From(group, happened) + TextOf(happened, parsed.GetValue(lines))))))
                    break;
            }

            return errors.ExitCode;
        });
        return command;
    }

    private static string From(HostGroup hosts, ServiceEvent happened) => hosts.AreSeveral ? $"{happened.HostName} " : "";

    internal static string TextOf(ServiceEvent happened, bool lines)
    {
        var last = lines ? happened.Exit?.LastLines ?? happened.Error?.LogLines ?? [] : [];
        return string.Join('\n', [happened.ToString(), .. last.Select(line => $"  | {line}")]);
    }
}
