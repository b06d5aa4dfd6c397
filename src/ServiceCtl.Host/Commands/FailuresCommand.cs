using System.CommandLine;
using ServiceCtl.Client;
using ServiceCtl.Client.Api;
using ServiceCtl.Contracts;
using ServiceCtl.Host.Output;
using ServiceCtl.Host.Syntax;

namespace ServiceCtl.Host.Commands;

/// <summary>failures: what has failed and what was decided; policy and test below it.</summary>
internal static class FailuresCommand
{
    public static Command Create()
    {
        var names = SharedOptions.NamesOrAll();
        var tail = SharedOptions.Tail("failures");
        var since = SharedOptions.Time("--since", "Show failures from this time on.");
        var follow = SharedOptions.Follow();
        var json = SharedOptions.Json("Print a JSON object per failure, each on a line.");
        var command = new Verb("failures", "Show what has failed, and what was decided about it.",
            [
                ("servicectl failures web --since 1d", "Show the failures of the last day."),
                ("servicectl failures -f --json", "Follow all, for a script."),
                ("servicectl failures policy web", "Show the rules of a service, each with its file and line."),
                ("servicectl failures test web --exit 78", "Ask what would be done."),
            ],
            "Failing, being given up and recovering are separate entries. They are kept with the events.")
        {
            names, tail, since, follow, json, CreatePolicy(), CreateTest(),
        };
        var hosts = HostOptions.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var group = hosts.Open(parsed);
            var count = parsed.GetValue(tail);
            var isFollowed = parsed.GetValue(follow);
            var request = new EventRequest
            {
                Services = await Services.SelectKnownAsync(group, parsed.GetValue(names) ?? [], cancellation),
                OnlyFailures = true,
                Tail = count,
                Since = parsed.GetValue(since),
                Follow = isFollowed,
            };
            using var output = new LineOutput(isLive: isFollowed);
            var errors = new HostErrors();
            var events = group.ReadEventsAsync(request, errors.WriteAsync, cancellation);
            await foreach (var failure in FailureVerbs.OfAsync(events, cancellation))
            {
                if (!(parsed.GetValue(json) ? output.TryWrite(failure, AgentJson.Default.PyServiceFailure)
                    : output.TryWrite(VisibleText.Of((group.AreSeveral ? $"{failure.HostName} " : "") + TextOf(failure)))))
                    break;
            }

            return errors.ExitCode;
        });
        return command;
    }

    internal static string TextOf(PyServiceFailure failure)
    {
        var code = failure.Code is { } given ? $" [{given}]" : "";
        var next = failure.NextAt is { } at ? $", attempt {failure.Attempt} at {at:HH:mm:ss}" : "";
        var text = failure.Text is { } words ? $"; {words}" : "";
        return $"{failure}{code}{next}{text}";
    }

    private static Verb CreatePolicy()
    {
        var names = SharedOptions.NamesOrAll();
        var json = SharedOptions.Json();
        var command = new Verb("policy", "Show the failure rules in the order they are tried, each with its file and line.",
            [("servicectl failures policy web", "Show those of one service.")],
            "The first rule that matches decides; without one, service.restart does. Reads the configuration on disk.") { names, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = Services.Open();
            var known = await NamesAsync(client, parsed.GetValue(names), cancellation);
            var errors = new List<ErrorReport>();
            var rules = await client.Failures.GetRulesAsync(known, errors.Add, cancellation);
            if (parsed.GetValue(json))
                await ConsoleOutput.WriteJsonAsync(rules, AgentJson.Default.IReadOnlyListPyServiceFailureRule);
            foreach (var rule in parsed.GetValue(json) ? [] : rules)
                await ConsoleOutput.WriteLineAsync(TextOf(rule));
            return await EndAsync(errors);
        });
        return HostRelay.AddTo(command);
    }

    internal static string TextOf(PyServiceFailureRule rule) =>
        $"{rule.Service} {rule.Number}. " + (rule.Layer is PyServiceFailureLayer.Host ? "host, " : "")
            + $"{(rule.Name is { } name ? $"{name}: " : "")}{rule.Match}: {rule.Action}"
            + (rule.Code is { } code ? $" [{code}]" : "") + (rule.Notify is { } levels ? $", notify {levels}" : "")
            + (rule.Record is { } record ? $", record {record}" : "") + (rule.Retry is { } retry ? $", {retry}" : "")
            + (rule.Place is { } place ? $"  ({place})" : "");

    private static Verb CreateTest()
    {
        var names = SharedOptions.NamesOrAll();
        var exit = OptionValues.Number("--exit", "It ended with this exit code.", 0, 255);
        var signal = new Option<string>("--signal")
        {
            Description = "This signal ended it: a name such as KILL, or a number.",
            HelpName = "signal",
        };
        var unhealthy = new Option<bool>("--unhealthy") { Description = "It is running, but does not answer its health probe." };
        var oom = new Option<bool>("--oom") { Description = "The kernel killed it because memory ran out." };
        var exception = new Option<string>("--exception")
        {
            Description = "It died of an exception of this type; without --exit, --signal or --oom, it logged one and is still running.",
            HelpName = "type",
        };
        var module = new Option<string>("--module")
        {
            Description = "The exception was raised in this module. Needs --exception.",
            HelpName = "name",
        };
        var line = new Option<string>("--log-line")
        {
            Description = "It printed this line; with --exit, --signal or --oom, among its last.",
            HelpName = "text",
        };
        var dependency = new Option<string>("--dependency")
        {
            Description = "This service, which it requires, has failed.",
            HelpName = "service",
        };
        var starting = new Option<bool>("--starting") { Description = "It was not ready yet." };
        var json = SharedOptions.Json();
        var command = new Verb("test", "Show what would be done about a failure. Does nothing.",
            [("servicectl failures test web --exit 78 --starting", "Ask about an exit code before it is ready."),
                ("servicectl failures test web --signal KILL", "Ask about a signal."),
                ("servicectl failures test web --exception KeyError --module shop.basket", "Ask about an exception in its log."),
                ("servicectl failures test web --log-line 'Too many open files'", "Ask about a line that it prints.")],
            "Answers as for a first failure. Reads the configuration on disk.")
        {
            names, exit, signal, oom, unhealthy, exception, module, line, dependency, starting, json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = Services.Open();
            var question = new FailureQuestion
            {
                ExitCode = parsed.GetValue(exit),
                Signal = parsed.GetValue(signal),
                Unhealthy = parsed.GetValue(unhealthy),
                WhileStarting = parsed.GetValue(starting),
                OutOfMemory = parsed.GetValue(oom),
                ExceptionType = parsed.GetValue(exception),
                ExceptionModule = parsed.GetValue(module),
                LogLine = parsed.GetValue(line),
                Dependency = parsed.GetValue(dependency),
            };
            var known = await NamesAsync(client, parsed.GetValue(names), cancellation);
            var errors = new List<ErrorReport>();
            var decisions = await client.Failures.TestAsync(known, question, errors.Add, cancellation);
            if (parsed.GetValue(json))
                await ConsoleOutput.WriteJsonAsync(decisions, AgentJson.Default.IReadOnlyListPyServiceFailureDecision);
            foreach (var decision in parsed.GetValue(json) ? [] : decisions)
                await ConsoleOutput.WriteLineAsync(TextOf(decision));
            return await EndAsync(errors);
        });
        return HostRelay.AddTo(command);
    }

    private static async Task<IReadOnlyList<string>> NamesAsync(
        ServiceCtlClient client, string[]? names, CancellationToken cancellation)
    {
        var chosen = await Services.SelectKnownAsync(client, names ?? [], cancellation);
        var known = await client.Catalog.GetNamesAsync(chosen, cancellation);
        if (known.Count == 0)
            await Services.WriteNoMatchAsync(chosen);
        return known;
    }

    private static async Task<int> EndAsync(List<ErrorReport> errors)
    {
        foreach (var error in errors)
            await ConsoleOutput.WriteErrorAsync(error);
        return errors.Count == 0 ? ExitCodes.Success
            : errors.Exists(error => error.Code == ErrorCode.InvalidArgument) ? ExitCodes.Usage : ExitCodes.Failed;
    }

    internal static string TextOf(PyServiceFailureDecision decision) =>
        decision + (decision.Code is { } code ? $" [{code}]" : "")
            + (decision.Wait is { } wait ? FormattableString.Invariant($" in {wait.TotalSeconds:0.###} s") : "")
            + (decision.Place is { } place ? $"  ({place})" : "")
            + (decision.Text is { } text ? $"; {text}" : "") + string.Concat(decision.Notices.Select(notice => $"; {notice}"))
            + (decision.Shadowed.Count > 0 ? $"; it comes before {string.Join(", ", decision.Shadowed)}" : "");
}
