using System.CommandLine;
using System.Globalization;
using ServiceCtl.Client.Api;
using ServiceCtl.Contracts;
using ServiceCtl.Host.Output;
using ServiceCtl.Host.Syntax;

namespace ServiceCtl.Host.Commands;

/// <summary>schedules: what runs at set times; run below it, to run one now.</summary>
internal static class SchedulesCommand
{
    private const string None = "Nothing is scheduled.";

    public static Command Create()
    {
        var names = SharedOptions.NamesOrAll();
        var json = SharedOptions.Json();
        var command = new Verb("schedules", "Show the schedules of services: next run, last run and its result.",
            [
                ("servicectl schedules", "Show those of all services."),
                ("servicectl schedules web --json", "Show those of one, for a script."),
                ("servicectl schedules run web clean", "Run one now."),
            ],
            "Schedules are set in service.schedule. Each program prints into its own log, shown here; each run is an event.")
        { names, json, CreateRun() };
        var hosts = HostOptions.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var group = hosts.Open(parsed);
            var chosen = await Services.SelectKnownAsync(group, parsed.GetValue(names) ?? [], cancellation);
            return await HostList.WriteAsync(
                await group.AskAsync(host => host.Schedules.GetAsync(chosen, cancellation)),
                parsed.GetValue(json) ? AgentJson.Default.IReadOnlyListPyServiceSchedule : null,
                schedule => LinesOf(schedule, group.AreSeveral), None);
        });
        return command;
    }

    internal static IEnumerable<string> LinesOf(PyServiceSchedule schedule, bool withHost)
    {
        var zone = schedule.TimeZone is null ? "" : $" {schedule.TimeZone}";
        yield return $"{(withHost ? $"{schedule.HostName}  " : "")}{schedule.Service}  {schedule.Name}  ({schedule.Cron}{zone}: "
            + $"{schedule.Does})";
        yield return $"  next  {(schedule.NextAt is { } next ? ConsoleOutput.Text(next) : "-  (the service is stopped)")}";
        if (schedule.IsRunning)
            yield return $"  now   running since {ConsoleOutput.Text(schedule.LastStarted!.Value)}";
        else if (schedule.LastOutcome is { } outcome)
            yield return $"  last  {(schedule.LastStarted is { } last ? ConsoleOutput.Text(last) : "-")}  {outcome}: "
                + schedule.LastMessage;
        if (schedule.Missed > 0)
            yield return string.Create(CultureInfo.InvariantCulture, $"  missed {schedule.Missed} in all");
        if (schedule.LogPath is { } log)
            yield return $"  log   {log}";
    }

    private static Verb CreateRun()
    {
        var service = new Argument<string>("service") { Description = "The service." };
        var schedule = new Argument<string>("schedule") { Description = "The name of the schedule." };
        var noWait = new Option<bool>("--no-wait") { Description = "Return as soon as it has started." };
        var json = SharedOptions.Json();
        service.CompletionSources.Add(_ => Services.NamesForCompletion());
        service.Validators.Add(SharedOptions.RefuseEmpty);
        schedule.Validators.Add(SharedOptions.RefuseEmpty);
        var command = new Verb("run", "Run a schedule now.",
            [("servicectl schedules run web clean", "Run it and wait; exits with 1 if it fails."),
                ("servicectl schedules run web clean --host web1,web2", "Run it on other hosts, side by side.")],
            "It goes on when the command is interrupted.") { service, schedule, noWait, json };
        var hosts = HostOptions.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var group = hosts.Open(parsed);
            var answers = await group.AskAsync<IReadOnlyList<PyServiceSchedule>>(async host => [await host.Schedules.RunAsync(
                parsed.GetValue(service)!, parsed.GetValue(schedule)!, !parsed.GetValue(noWait), cancellation)]);
            return await HostList.WriteAsync(
                answers, parsed.GetValue(json) ? AgentJson.Default.IReadOnlyListPyServiceSchedule : null,
                done => [(group.AreSeveral ? $"{done.HostName}  " : "") + WordsOf(done)], None,
                done => done.IsRunning || done.LastOutcome == ScheduleOutcome.Succeeded);
        });
        return command;
    }

    private static string WordsOf(PyServiceSchedule done) => done.IsRunning
        ? $"The schedule {done.Name} of {done.Service} is running." : done.LastMessage ?? $"{done.Name} is done.";
}
