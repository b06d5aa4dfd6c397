using System.CommandLine;
using System.Globalization;
using ServiceCtl.Client.Api;
using ServiceCtl.Contracts;
using ServiceCtl.Host.Output;
using ServiceCtl.Host.Syntax;

namespace ServiceCtl.Host.Commands;

/// <summary>alerts: where alerts go; test below it, to send one.</summary>
internal static class AlertsCommand
{
    private const string None = "No destination for alerts is configured.";

    public static Command Create()
    {
        var names = SharedOptions.NamesOrAll();
        var json = SharedOptions.Json();
        var command = new Verb("alerts", "Show where alerts go, what was sent, what waits and the last error.",
            [
                ("servicectl alerts", "Show the destinations of all services."),
                ("servicectl alerts web --json", "Show those of one, for a script."),
                ("servicectl alerts test web", "Send a test alert to each of its destinations, and show the answers."),
            ],
            "Destinations come from the alerts section of a configuration. Counts include every service that shares the destination.")
        { names, json, CreateTest() };
        var hosts = HostOptions.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var group = hosts.Open(parsed);
            var chosen = await Services.SelectKnownAsync(group, parsed.GetValue(names) ?? [], cancellation);
            return await HostList.WriteAsync(
                await group.AskAsync(host => host.Alerts.GetAsync(chosen, cancellation)),
                parsed.GetValue(json) ? AgentJson.Default.IReadOnlyListPyServiceAlert : null,
                alert => LinesOf(alert, group.AreSeveral), None);
        });
        return command;
    }

    internal static IEnumerable<string> LinesOf(PyServiceAlert alert, bool withHost)
    {
        var levels = string.Join(" and ", alert.Levels.Select(level => level.ToString().ToLowerInvariant()));
        yield return $"{(withHost ? $"{alert.HostName}  " : "")}{alert.Service}  {alert.Channel} {alert.Destination}  ({levels})";
        yield return string.Create(CultureInfo.InvariantCulture, $"  sent    {alert.Sent}")
            + (alert.LastSent is { } last ? $", the last at {ConsoleOutput.Text(last)}" : "");
        if (alert.Waiting > 0)
            yield return string.Create(CultureInfo.InvariantCulture, $"  waiting {alert.Waiting}")
                + (alert.NextTry is { } next ? $", next try at {ConsoleOutput.Text(next)}" : "");
        if (alert.Refused + alert.Lost > 0)
            yield return string.Create(CultureInfo.InvariantCulture,
                $"  refused {alert.Refused}; {alert.Lost} events lost from the journal");
        if (alert.LastError is { } error)
            yield return $"  error   {(alert.LastErrorAt is { } at ? $"{ConsoleOutput.Text(at)}  " : "")}{error}";
    }

    private static Verb CreateTest()
    {
        var names = SharedOptions.NamesOrAll();
        var json = SharedOptions.Json();
        var command = new Verb("test", "Send a test alert to each destination and show the answers.",
            [("servicectl alerts test web", "Test those of one service; exits with 1 if one was not delivered."),
                ("servicectl alerts test --host web1,web2", "Test those of all services on other hosts.")],
            "The process that sends real alerts sends it: at once, and only once.") { names, json };
        var hosts = HostOptions.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var group = hosts.Open(parsed);
            var chosen = await Services.SelectKnownAsync(group, parsed.GetValue(names) ?? [], cancellation);
            return await HostList.WriteAsync(
                await group.AskAsync(host => host.Alerts.TestAsync(chosen, cancellation)),
                parsed.GetValue(json) ? AgentJson.Default.IReadOnlyListPyServiceAlertTest : null,
                test => [(group.AreSeveral ? $"{test.HostName}  " : "") + TextOf(test)], None, test => test.Delivered);
        });
        return command;
    }

    private static string TextOf(PyServiceAlertTest test) => string.Create(CultureInfo.InvariantCulture,
        $"{test.Service}  {test.Channel} {test.Destination}: {(test.Delivered ? "delivered" : "not delivered")}, {test.Answer} "
            + $"({test.Duration.TotalSeconds:0.0} s)");
}
