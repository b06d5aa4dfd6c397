using ServiceCtl.Contracts;
using ServiceCtl.Engine.Services.Keys;

namespace ServiceCtl.Engine.Scheduling;

/// <summary>Runs of schedules: one at a time of each, and what becomes of those that are due meanwhile.</summary>
internal sealed class JobRunner
{
    private readonly Lock _gate;
    private readonly JobProgram _program;
    private readonly TimeProvider _time;
    private readonly ScheduleHost _host;
    private readonly Action<string> _save;
    private readonly HashSet<(string Service, int Slot)> _slots = [];
    private bool _isEnding;

    /// <param name="gate">Held when a job is changed.</param>
    /// <param name="program">Runs programs.</param>
    /// <param name="time">The clock.</param>
    /// <param name="host">Who owns the services.</param>
    /// <param name="save">Keeps the records of a service.</param>
    public JobRunner(Lock gate, JobProgram program, TimeProvider time, ScheduleHost host, Action<string> save)
    {
        _gate = gate;
        _program = program;
        _time = time;
        _host = host;
        _save = save;
    }

    /// <summary>Ends the runs that go on; completes when they are gone. Called under the lock.</summary>
    public static Task EndAsync(IEnumerable<ScheduledJob> jobs)
    {
        var running = jobs.Where(job => job.IsRunning).ToArray();
        foreach (var job in running)
        {
            job.IsQueued = false;
            job.Ending!.Cancel();
        }

        return Task.WhenAll(running.Select(job => job.Running));
    }

    /// <summary>The same because the agent ends. Called under the lock.</summary>
    public Task InterruptAsync(IEnumerable<ScheduledJob> jobs)
    {
        _isEnding = true;
        return EndAsync(jobs);
    }

    public void ReportInterrupted(ScheduledJob job)
    {
        var message = JobEvents.Interrupted(job);
        lock (_gate)
        {
            job.Record = job.Record with
            {
                IsRunning = false,
                Outcome = ScheduleOutcome.Interrupted,
                Message = message,
            };
        }

        Publish(job, ServiceEventKind.ScheduleFailed, message);
    }

    /// <summary>What the clock says of a job that counts.</summary>
    public void Take(ScheduledJob job, TimetableLook look, bool wasAway)
    {
        var isMadeUp = false;
        if (look.Missed > 0)
        {
            var message = JobEvents.Missed(job, look, wasAway);
            lock (_gate)
            {
                isMadeUp = job.Rule.CatchUp;
                job.Record = job.Record with { Missed = job.Record.Missed + look.Missed };
                if (!job.IsRunning)
                    job.Record = job.Record with { Outcome = ScheduleOutcome.Missed, Message = message };
            }

            Publish(job, ServiceEventKind.ScheduleMissed, message);
        }

        string? refusal = null;
        // A run that begins saves it.
        if ((look.Due ?? (isMadeUp ? look.FirstMissed : null)) is { } due && TryBegin(job, due, out refusal))
            return;
        _save(job.Definition.Name);
        if (refusal is not null)
            Publish(job, ServiceEventKind.ScheduleMissed, refusal);
    }

    /// <summary>Begins a run. Called under the lock, while none goes on.</summary>
    public Task Begin(ScheduledJob job)
    {
        job.Ending = new CancellationTokenSource();
        job.IsSkipReported = false;
        return job.Running = Task.Run(() => RunAsync(job));
    }

    /// <param name="job">Whose turn it is.</param>
    /// <param name="due">When that was.</param>
    /// <param name="refusal">What is to be reported because it is skipped; null where nothing is.</param>
    /// <returns>Whether a run begins.</returns>
    private bool TryBegin(ScheduledJob job, DateTimeOffset due, out string? refusal)
    {
        refusal = null;
        lock (_gate)
        {
            if (_isEnding)
                return false;
            if (!job.IsRunning)
            {
                _ = Begin(job);
                return true;
            }

            switch (job.Rule.Overlap)
            {
                case OverlapPolicy.Queue:
                    job.IsQueued = true;
                    return false;
                case OverlapPolicy.Kill:
                    job.IsQueued = true;
                    job.Ending!.Cancel();
                    return false;
                default:
                    var isNews = !job.IsSkipReported;
                    job.IsSkipReported = true;
                    refusal = isNews ? JobEvents.Skipped(job, due) : null;
                    return false;
            }
        }
    }

    private async Task RunAsync(ScheduledJob job)
    {
        while (true)
        {
            await RunOnceAsync(job);
            lock (_gate)
            {
                job.Ending!.Dispose();
                job.Ending = job.IsQueued && !_isEnding ? new CancellationTokenSource() : null;
                job.IsQueued = false;
                if (job.Ending is null)
                    return;
            }
        }
    }

    private async Task RunOnceAsync(ScheduledJob job)
    {
        var (definition, rule, begin) = (job.Definition, job.Rule, _time.GetTimestamp());
        CancellationToken end;
        int slot;
        lock (_gate)
        {
            end = job.Ending!.Token;
            slot = Enumerable.Range(1, int.MaxValue).First(number => _slots.Add((definition.Name, number)));
            job.Record = job.Record with { IsRunning = true, Started = _time.GetUtcNow() };
        }

        _save(definition.Name);
        var result = await TryAsync(async () => rule.Do is { } action
            ? Of(await _host.Order(definition.Name, action, rule.Timeout, end))
            : await _program.RunAsync(definition, rule, slot, end));
        var took = _time.GetElapsedTime(begin);
        string message;
        lock (_gate)
        {
            _slots.Remove((definition.Name, slot));
            if (_isEnding && result.Outcome == ScheduleOutcome.Ended)
                result = result with { Outcome = ScheduleOutcome.Interrupted };
            message = definition.Mask.MaskText(JobEvents.Ran(job, result, took));
            job.Record = job.Record with { IsRunning = false, Duration = took, Outcome = result.Outcome, Message = message };
        }

        _save(definition.Name);
        Publish(job, JobEvents.KindOf(result.Outcome), message, result);
    }

    /// <summary>A run must not take the others with it, whatever it meets.</summary>
    private static async Task<JobResult> TryAsync(Func<Task<JobResult>> run)
    {
        try
        {
            return await run();
        }
        catch (ServiceCtlException error)
        {
            return new JobResult(ScheduleOutcome.Failed, error.Message, Error: error.Report);
        }
        catch (OperationCanceledException)
        {
            return new JobResult(ScheduleOutcome.Ended, "It was ended.");
        }
#pragma warning disable CA1031 // Nobody awaits this: whatever it was has to be told.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return new JobResult(ScheduleOutcome.Failed, error.Message);
        }
    }

    private static JobResult Of(OperationResult result) => new(
        result.Outcome == OperationOutcome.Failed ? ScheduleOutcome.Failed : ScheduleOutcome.Succeeded, result.Message,
        Error: result.Error);

    private void Publish(ScheduledJob job, ServiceEventKind kind, string message, JobResult? result = null) => _host.Publish(new()
    {
        Time = _time.GetLocalNow(),
        Service = job.Definition.Name,
        Kind = kind,
        Message = message,
        Exit = result?.Exit is { } exit && kind != ServiceEventKind.ScheduleRan ? exit : null,
        Error = result?.Error,
    });
}
