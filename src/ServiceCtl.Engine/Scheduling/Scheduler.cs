using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Scheduling;

/// <summary>
/// Does what the schedules of services say. One timer for all of them, and a notice of the kernel when the clock is set, so that nothing
/// polls. A schedule belongs to the service, not to a generation: however many processes or generations there are, it is done once.
/// </summary>
public sealed class Scheduler : IAsyncDisposable
{
    /// <summary>Clocks drift apart; a look each day costs nothing.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Dictionary<string, ScheduledJob>> _services = new(StringComparer.Ordinal);
    private readonly AgentPaths _paths;
    private readonly TimeProvider _time;
    private readonly ScheduleHost _host;
    private readonly JobRunner _runner;
    private readonly ITimer _timer;
    private ClockWatch? _clock;
    private DateTimeOffset _seen;
    private bool _isDisposed;

    /// <param name="paths">Where records and logs are.</param>
    /// <param name="tools">What runs work with.</param>
    /// <param name="host">Who owns the services.</param>
    public Scheduler(AgentPaths paths, SchedulerTools tools, ScheduleHost host)
    {
        _paths = paths;
        _time = tools.Time;
        _host = host;
        _runner = new JobRunner(_gate, new JobProgram(paths, tools), _time, host, Save);
        _seen = _time.GetUtcNow();
        _timer = _time.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>
    /// What a definition schedules counts from now on. Of a service that is to run, only what serves counts: an edited configuration is
    /// taken by an order.
    /// </summary>
    /// <param name="definition">The service's.</param>
    /// <param name="isServing">Is it that of a generation which serves?</param>
    /// <param name="isStarted">Has that begun just now, so that nothing before counts as missed?</param>
    public void Follow(ServiceDefinition definition, bool isServing, bool isStarted = false)
    {
        List<ScheduledJob> cutOff = [];
        lock (_gate)
        {
            var known = _services.GetValueOrDefault(definition.Name);
            if (_isDisposed || (known is null && definition.Schedule.Count == 0)
                || (known is not null && !isServing && _host.IsWanted(definition.Name)))
                return;
            _clock ??= new ClockWatch(Look);
            var records = known is null ? JobRecords.Read(_paths.ServiceSchedules(definition.Name)) : [];
            var now = _time.GetUtcNow();
            var jobs = new Dictionary<string, ScheduledJob>(StringComparer.Ordinal);
            foreach (var rule in definition.Schedule)
            {
                var record = records.GetValueOrDefault(rule.Name) ?? new JobRecord();
                var job = known?.GetValueOrDefault(rule.Name);
                var isNew = job is null;
                job ??= new ScheduledJob(definition, rule, record);
                if (job.Take(definition, rule) || isNew || isStarted)
                    job.Next = job.Timetable.After(isStarted ? now : Earlier(record.LookedAt, now));
                if (isNew && record.IsRunning)
                    cutOff.Add(job);
                if (isStarted || isNew)
                    job.Record = job.Record with { LookedAt = isStarted ? now : record.LookedAt ?? now };
                jobs.Add(rule.Name, job);
            }

            _ = JobRunner.EndAsync(known?.Where(job => !jobs.ContainsKey(job.Key)).Select(job => job.Value) ?? []);
            _services[definition.Name] = jobs;
        }

        foreach (var job in cutOff)
            _runner.ReportInterrupted(job);
        if (definition.Schedule.Count > 0)
            Save(definition.Name);
        Look();
    }

    /// <summary>The schedules of a service, in the order of their names.</summary>
    public IReadOnlyList<PyServiceSchedule> List(string service)
    {
        lock (_gate)
        {
            return [.. (_services.GetValueOrDefault(service)?.Values ?? Enumerable.Empty<ScheduledJob>())
                .OrderBy(job => job.Rule.Name, StringComparer.Ordinal).Select(Describe)];
        }
    }

    /// <summary>Does one now, whatever its times; returns when it is done.</summary>
    /// <exception cref="ServiceCtlException">
    /// <see cref="ErrorCode.InvalidArgument"/>: there is none of this name; <see cref="ErrorCode.InvalidState"/>: it goes on already.
    /// </exception>
    public async Task<PyServiceSchedule> RunAsync(string service, string name, CancellationToken cancellation)
    {
        Task run;
        ScheduledJob? job;
        lock (_gate)
        {
            job = _services.GetValueOrDefault(service)?.GetValueOrDefault(name) ?? throw NotFound(service, name);
            if (job.IsRunning || _isDisposed)
                throw new ServiceCtlException(ErrorCode.InvalidState, name, $"The schedule {name} of {service} runs already.",
                    $"'servicectl schedules {service}' shows since when.");
            run = _runner.Begin(job);
        }

        await run.WaitAsync(cancellation);
        lock (_gate)
            return Describe(job);
    }

    /// <summary>Ends the programs that run for a service which is not to run any more; returns when they are gone.</summary>
    public Task EndRunsAsync(string service)
    {
        lock (_gate)
            return JobRunner.EndAsync(_services.GetValueOrDefault(service)?.Values.Where(job => job.Rule.Do is null) ?? []);
    }

    /// <summary>Forgets a service and everything that was known of its schedules.</summary>
    public async Task ForgetAsync(string service)
    {
        await EndRunsAsync(service);
        lock (_gate)
            _services.Remove(service);
        JobRecords.Delete(_paths.ServiceSchedules(service));
    }

    public async ValueTask DisposeAsync()
    {
        Task ended;
        lock (_gate)
        {
            _isDisposed = true;
            ended = _runner.InterruptAsync(_services.Values.SelectMany(jobs => jobs.Values));
        }

        _clock?.Dispose();
        await _timer.DisposeAsync();
        await ended;
    }

    private static DateTimeOffset Earlier(DateTimeOffset? lookedAt, DateTimeOffset now) => lookedAt < now ? lookedAt.Value : now;

    /// <summary>Looks at the clock: begins what is due, reports what was missed, and sets the timer.</summary>
    internal void Look()
    {
        List<(ScheduledJob Job, TimetableLook Look, bool WasAway)> found = [];
        lock (_gate)
        {
            if (_isDisposed)
                return;
            var now = _time.GetUtcNow();
            foreach (var job in _services.Values.SelectMany(jobs => jobs.Values))
            {
                var look = job.Timetable.Look(job.Next, _seen, now);
                job.Next = look.Next;
                if ((look.Due is not null || look.Missed > 0) && IsActive(job))
                {
                    job.Record = job.Record with { LookedAt = now };
                    found.Add((job, look, job.IsFresh));
                }

                job.IsFresh = false;
            }

            _seen = now;
            var next = _services.Values.SelectMany(jobs => jobs.Values).Min(job => job.Next);
            _timer.Change(next is null ? Timeout.InfiniteTimeSpan : Clamped(next.Value - now), Timeout.InfiniteTimeSpan);
        }

        foreach (var (job, look, wasAway) in found)
            _runner.Take(job, look, wasAway);
    }

    private static TimeSpan Clamped(TimeSpan wait) => wait < ShortestWait ? ShortestWait : wait > LongestWait ? LongestWait : wait;

    private bool IsActive(ScheduledJob job) => job.Rule.IsForStopped || _host.IsWanted(job.Definition.Name);

    private PyServiceSchedule Describe(ScheduledJob job) =>
        job.Describe(IsActive(job), _paths.ServiceSchedule(job.Definition.Name, job.Rule.Name));

    private void Save(string service)
    {
        try
        {
            lock (_gate)
            {
                if (_services.GetValueOrDefault(service) is { } jobs)
                    JobRecords.Write(_paths.ServiceSchedules(service),
                        jobs.ToDictionary(job => job.Key, job => job.Value.Record, StringComparer.Ordinal));
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _host.Publish(new ServiceEvent
            {
                Time = _time.GetLocalNow(),
                Service = service,
                Kind = ServiceEventKind.Warning,
                Message = $"Can't save the state of {service}'s schedules, so the next agent won't know it: {error.Message}",
            });
        }
    }

    private ServiceCtlException NotFound(string service, string name)
    {
        var names = List(service).Select(schedule => schedule.Name).ToList();
        return new ServiceCtlException(ErrorCode.InvalidArgument, name, $"{service} has no schedule '{name}'.",
            names.Count == 0 ? $"Add one to service.schedule of {service}, and restart it." : $"It has {string.Join(", ", names)}.");
    }
}
