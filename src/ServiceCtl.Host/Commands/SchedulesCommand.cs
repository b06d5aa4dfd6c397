using System.CommandLine;
using System.Globalization;
using ServiceCtl.Client.Api;
using ServiceCtl.Contracts;
using ServiceCtl.Host.Output;
using ServiceCtl.Host.Syntax;

namespace ServiceCtl.Host.Commands;

/// <summary>schedules: what is done for services at set times; run below it, to do one now.</summary>
internal static class SchedulesCommand
{
    private const string TimeFormat = "yyyy-MM-dd HH:mm:ss";

    public static Command Create()
    {
        var names = SharedOptions.NamesOrAll();
        var json = SharedOptions.Json();
        var command = new Verb("schedules", "Show what is done for services at set times: the next run, the last one and its result.",
            [
                ("servicectl schedules", "Show those of all services."),
                ("servicectl schedules web --json", "Show those of one, for a script."),
                ("servicectl schedules run web clean", "Do one now."),
            ],
            "They are written in service.schedule. What programs print is in a log of their own, which is named; each run is an event.")
        { names, json, CreateRun() };
        var hosts = HostOptions.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var group = hosts.Open(parsed);
            var chosen = await Services.SelectKnownAsync(group, parsed.GetValue(names) ?? [], cancellation);
            var answers = await group.AskAsync(host => host.Schedules.GetAsync(chosen, cancellation));
            var schedules = answers.SelectMany(answer => answer.Value ?? []).ToList();
            var errors = answers.Select(answer => answer.Error).OfType<ErrorReport>().ToList();
            if (parsed.GetValue(json))
                await ConsoleOutput.WriteJsonAsync(schedules, AgentJson.Default.IReadOnlyListPyServiceSchedule);
            else if (schedules.Count == 0 && errors.Count == 0)
                await ConsoleOutput.WriteErrorLineAsync("Nothing is scheduled.");
            foreach (var line in parsed.GetValue(json) ? [] : schedules.SelectMany(one => LinesOf(one, group.AreSeveral)))
                await ConsoleOutput.WriteLineAsync(VisibleText.Of(line));
            foreach (var error in errors)
                await ConsoleOutput.WriteErrorAsync(error);
            return errors.Count > 0 ? ExitCodes.Failed : ExitCodes.Success;
        });
        return command;
    }

    internal static IEnumerable<string> LinesOf(PyServiceSchedule schedule, bool withHost)
    {
        var zone = schedule.TimeZone is null ? "" : $" {schedule.TimeZone}";
        yield return $"{(withHost ? $"{schedule.HostName}  " : "")}{schedule.Service}  {schedule.Name}  ({schedule.Cron}{zone}: "
            + $"{schedule.Does})";
        yield return $"  next  {(schedule.NextAt is { } next ? Time(next) : "-  (the service is not to run)")}";
        if (schedule.IsRunning)
            yield return $"  now   runs since {Time(schedule.LastStarted!.Value)}";
        else if (schedule.LastOutcome is { } outcome)
            yield return $"  last  {(schedule.LastStarted is { } last ? Time(last) : "-")}  {outcome}: {schedule.LastMessage}";
        if (schedule.Missed > 0)
            yield return string.Create(CultureInfo.InvariantCulture, $"  missed {schedule.Missed} in all");
        if (schedule.LogPath is { } log)
            yield return $"  log   {log}";
    }

    private static Verb CreateRun()
    {
        var service = new Argument<string>("service") { Description = "The service." };
        var schedule = new Argument<string>("schedule") { Description = "The name of the schedule." };
        var noWait = new Option<bool>("--no-wait") { Description = "Answer when it has begun, not when it has ended." };
        var json = SharedOptions.Json();
        service.CompletionSources.Add(_ => Services.NamesForCompletion());
        service.Validators.Add(SharedOptions.RefuseEmpty);
        schedule.Validators.Add(SharedOptions.RefuseEmpty);
        var command = new Verb("run", "Do what a schedule says now, whatever its times.",
            [("servicectl schedules run web clean", "Run it and wait; exits with 1 if it fails."),
                ("servicectl schedules run web clean --host web1,web2", "Run it on other hosts, side by side.")],
            "It goes on when the command is interrupted.") { service, schedule, noWait, json };
        var hosts = HostOptions.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var group = hosts.Open(parsed);
            var answers = await group.AskAsync(host => host.Schedules.RunAsync(
                parsed.GetValue(service)!, parsed.GetValue(schedule)!, !parsed.GetValue(noWait), cancellation));
            var done = answers.Select(answer => answer.Value).OfType<PyServiceSchedule>().ToList();
            if (parsed.GetValue(json))
                await ConsoleOutput.WriteJsonAsync(done, AgentJson.Default.IReadOnlyListPyServiceSchedule);
            foreach (var one in parsed.GetValue(json) ? [] : done)
                await ConsoleOutput.WriteLineAsync($"{(group.AreSeveral ? $"{one.HostName}  " : "")}{WordsOf(one)}");
            foreach (var error in answers.Select(answer => answer.Error).OfType<ErrorReport>())
                await ConsoleOutput.WriteErrorAsync(error);
            return done.Count == answers.Count && done.TrueForAll(one => one.IsRunning || one.LastOutcome == ScheduleOutcome.Succeeded)
                ? ExitCodes.Success : ExitCodes.Failed;
        });
        return command;
    }

    private static string WordsOf(PyServiceSchedule done) => done.IsRunning
        ? $"The schedule {done.Name} of {done.Service} runs." : done.LastMessage ?? $"{done.Name} is done.";

    private static string Time(DateTimeOffset time) => time.ToLocalTime().ToString(TimeFormat, CultureInfo.InvariantCulture);
}
