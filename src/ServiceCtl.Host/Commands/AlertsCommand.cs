using System.CommandLine;
using System.Globalization;
using ServiceCtl.Client.Api;
using ServiceCtl.Contracts;
using ServiceCtl.Host.Output;
using ServiceCtl.Host.Syntax;

namespace ServiceCtl.Host.Commands;

/// <summary>alerts: who hears of what happens to services; test below it, to try that.</summary>
internal static class AlertsCommand
{
    private const string TimeFormat = "yyyy-MM-dd HH:mm:ss";

    public static Command Create()
    {
        var names = SharedOptions.NamesOrAll();
        var json = SharedOptions.Json();
        var command = new Verb("alerts", "Show who hears of what happens to services: what was sent, what waits, the last error.",
            [
                ("servicectl alerts", "Show the destinations of all services."),
                ("servicectl alerts web --json", "Show those of one, for a script."),
                ("servicectl alerts test web", "Send one to each of its destinations, and show the answers."),
            ],
            "They are written in the section alerts of a configuration. What was sent and what waits is that of all services with the same "
                + "destination.") { names, json, CreateTest() };
        var hosts = HostOptions.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var group = hosts.Open(parsed);
            var chosen = await Services.SelectKnownAsync(group, parsed.GetValue(names) ?? [], cancellation);
            var answers = await group.AskAsync(host => host.Alerts.GetAsync(chosen, cancellation));
            var alerts = answers.SelectMany(answer => answer.Value ?? []).ToList();
            var errors = answers.Select(answer => answer.Error).OfType<ErrorReport>().ToList();
            if (parsed.GetValue(json))
                await ConsoleOutput.WriteJsonAsync(alerts, AgentJson.Default.IReadOnlyListPyServiceAlert);
            else if (alerts.Count == 0 && errors.Count == 0)
                await ConsoleOutput.WriteErrorLineAsync("Nobody is told.");
            foreach (var line in parsed.GetValue(json) ? [] : alerts.SelectMany(one => LinesOf(one, group.AreSeveral)))
                await ConsoleOutput.WriteLineAsync(VisibleText.Of(line));
            foreach (var error in errors)
                await ConsoleOutput.WriteErrorAsync(error);
            return errors.Count > 0 ? ExitCodes.Failed : ExitCodes.Success;
        });
        return command;
    }

    internal static IEnumerable<string> LinesOf(PyServiceAlert alert, bool withHost)
    {
        var levels = string.Join(" and ", alert.Levels.Select(level => level.ToString().ToLowerInvariant()));
        yield return $"{(withHost ? $"{alert.HostName}  " : "")}{alert.Service}  {alert.Channel} {alert.Destination}  ({levels})";
        yield return string.Create(CultureInfo.InvariantCulture, $"  sent    {alert.Sent}")
            + (alert.LastSent is { } last ? $", the last at {Time(last)}" : "");
        if (alert.Waiting > 0)
            yield return string.Create(CultureInfo.InvariantCulture, $"  waiting {alert.Waiting}")
                + (alert.NextTry is { } next ? $", next try at {Time(next)}" : "");
        if (alert.Refused + alert.Lost > 0)
            yield return string.Create(CultureInfo.InvariantCulture,
                $"  refused {alert.Refused}; {alert.Lost} events had left the journal");
        if (alert.LastError is { } error)
            yield return $"  error   {(alert.LastErrorAt is { } at ? $"{Time(at)}  " : "")}{error}";
    }

    private static Verb CreateTest()
    {
        var names = SharedOptions.NamesOrAll();
        var json = SharedOptions.Json();
        var command = new Verb("test", "Send an alert that tells of nothing to each destination, and show what it answered.",
            [("servicectl alerts test web", "Try those of one service; exits with 1 if one was not delivered."),
                ("servicectl alerts test --host web1,web2", "Try those of all services on other hosts.")],
            "It is sent by the process that sends real ones. It waits for nothing, and is not tried again.") { names, json };
        var hosts = HostOptions.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var group = hosts.Open(parsed);
            var chosen = await Services.SelectKnownAsync(group, parsed.GetValue(names) ?? [], cancellation);
            var answers = await group.AskAsync(host => host.Alerts.TestAsync(chosen, cancellation));
            var tests = answers.SelectMany(answer => answer.Value ?? []).ToList();
            var errors = answers.Select(answer => answer.Error).OfType<ErrorReport>().ToList();
            if (parsed.GetValue(json))
                await ConsoleOutput.WriteJsonAsync(tests, AgentJson.Default.IReadOnlyListPyServiceAlertTest);
            else if (tests.Count == 0 && errors.Count == 0)
                await ConsoleOutput.WriteErrorLineAsync("Nobody is told.");
            foreach (var test in parsed.GetValue(json) ? [] : tests)
                await ConsoleOutput.WriteLineAsync(VisibleText.Of($"{(group.AreSeveral ? $"{test.HostName}  " : "")}{TextOf(test)}"));
            foreach (var error in errors)
                await ConsoleOutput.WriteErrorAsync(error);
            return errors.Count == 0 && tests.TrueForAll(test => test.Delivered) ? ExitCodes.Success : ExitCodes.Failed;
        });
        return command;
    }

    private static string TextOf(PyServiceAlertTest test) => string.Create(CultureInfo.InvariantCulture,
        $"{test.Service}  {test.Channel} {test.Destination}: {(test.Delivered ? "delivered" : "not delivered")}, {test.Answer} "
            + $"({test.Duration.TotalSeconds:0.0} s)");

    private static string Time(DateTimeOffset time) => time.ToLocalTime().ToString(TimeFormat, CultureInfo.InvariantCulture);
}
