using System.CommandLine;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Agent;

namespace ServiceCtl.Host.Commands;

/// <summary>events: what has happened to services, and what happens.</summary>
internal static class EventsCommand
{
    public static Command Create()
    {
        var names = SharedOptions.NamesOrAll();
        var kinds = new Option<ServiceEventKind[]>("--kind") { Description = "Events of these kinds: crashed, restarted, refused, ...", AllowMultipleArgumentsPerToken = true };
        var tail = SharedOptions.Tail("events");
        var since = SharedOptions.Time("--since", "Events from this time on.");
        var follow = SharedOptions.Follow();
        var lines = new Option<bool>("--lines") { Description = "Show the last log lines that belong to an event as well." };
        var json = SharedOptions.Json();
        json.Description = "Print a JSON object per event, each on a line.";
        var command = new Command("events", "Show what has happened to services. Events outlive the agent.") { names, kinds, tail, since, follow, lines, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var manager = Services.Open();
            var request = new EventRequest
            {
                Services = await Services.SelectKnownAsync(manager, parsed.GetValue(names) ?? [], cancellation),
                Kinds = parsed.GetValue(kinds) ?? [],
                Tail = parsed.GetValue(tail),
                Since = parsed.GetValue(since),
                Follow = parsed.GetValue(follow),
            };
            using var output = new LineOutput(isLive: request.Follow);
            await foreach (var happened in manager.ReadEventsAsync(request, cancellation))
            {
                if (!(parsed.GetValue(json) ? output.TryWrite(happened, AgentJson.Default.ServiceEvent) : output.TryWrite(TextOf(happened, parsed.GetValue(lines)))))
                    break;
            }

            return ExitCodes.Success;
        });
        return command;
    }

    private static string TextOf(ServiceEvent happened, bool lines)
    {
        var last = lines ? happened.Exit?.LastLines ?? happened.Error?.LogLines ?? [] : [];
        return string.Join('\n', [happened.ToString(), .. last.Select(line => $"  | {line}")]);
    }
}
