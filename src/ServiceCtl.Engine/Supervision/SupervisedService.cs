using ServiceCtl.Contracts;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Failures;

namespace ServiceCtl.Engine.Supervision;

/// <summary>
/// One service, as the parts of its life share it: its record, its definition on disk, and the loop in which all of them have their turn.
/// </summary>
internal sealed class SupervisedService
{
    /// <summary>So long may one of those who are notified of a service take.</summary>
    private static readonly TimeSpan ObserverLimit = TimeSpan.FromSeconds(10);

    private readonly DefinitionReading _readings;
    private readonly SupervisorLoop _loop;
    private Task _announced = Task.CompletedTask;
    private IReadOnlyList<ConfigurationProblem> _toldOfHost = [];

    public SupervisedService(SupervisionContext context, DefinitionReading readings, SupervisorLoop loop)
    {
        Context = context;
        _readings = readings;
        _loop = loop;
        Release = new ServedRelease(this);
    }

    /// <summary>The release that it is served from.</summary>
    public ServedRelease Release { get; }

    public SupervisionContext Context { get; }

    public TimeProvider Time => Context.Time;

    public ServiceRecord Record => _loop.Record;

    public string Name => Record.Name;

    /// <exception cref="InvalidOperationException">The state may not follow the present one: a fault of ours.</exception>
    public void Change(Func<ServiceRecord, ServiceRecord> change) => _loop.Change(change(Record));

    /// <inheritdoc cref="SupervisorLoop.Post(Func{Task})"/>
    public void Post(Func<Task> work) => _ = _loop.Post(work);

    /// <inheritdoc cref="SupervisorLoop.PostStart"/>
    /// <param name="start">Starts it.</param>
    /// <param name="turn">Is over when that is done.</param>
    public void PostStart(Func<CancellationToken, Task> start, StartTurns.Turn? turn = null)
    {
        var isTaken = _loop.PostStart(async cancellation =>
        {
            using var held = turn;
            await Context.HostRules.RefreshAsync(CancellationToken.None);
            await start(cancellation);
        });
        if (!isTaken)
            turn?.Dispose();
    }

    /// <summary>For what is not done in a turn of its loop: shows that it waits, if it has to.</summary>
    public Task<StartTurns.Turn> AskForTurnAsync(CancellationToken cancellation) => Context.Turns.AskAsync(Name, () => Post(() =>
    {
        ShowThatItWaits();
        return Task.CompletedTask;
    }), cancellation);

    /// <summary>Shows that it waits until fewer others are started again.</summary>
    public void ShowThatItWaits() => Change(record => record with
    {
        Problem = $"{record.Problem?.TrimEnd('.') ?? "It is to be restarted"}; it waits for its turn, for {Context.Turns.Running} services "
            + "are being restarted (at_once).",
    });

    /// <exception cref="ServiceCtlException">The configuration is gone or wrong.</exception>
    public Task<ServiceDefinition> ReadDefinitionAsync(CancellationToken cancellation) => _readings.OfNow(cancellation);

    /// <summary>
    /// The same for what comes back without an order: that of the release that served last, wherever the link leads by now.
    /// </summary>
    /// <inheritdoc cref="ReadDefinitionAsync"/>
    public async Task<ServiceDefinition> ReadServedAsync(CancellationToken cancellation)
    {
        if (Release.FindLeftBehind() is not { } served)
            return await ReadDefinitionAsync(cancellation);
        try
        {
            var definition = await _readings.OfRelease(served, cancellation);
            Report(ServiceEventKind.Warning,
                $"{Name} starts from {served.Folder}, which served last; {served.Link} leads elsewhere, and an order takes that.");
            return definition;
        }
        catch (ServiceCtlException error) when (error.Code == ErrorCode.ConfigNotFound)
        {
            // It was cleared out.
            return await ReadDefinitionAsync(cancellation);
        }
    }

    public void Report(
        ServiceEventKind kind, string message, ExitReport? exit = null, ErrorReport? error = null, PyServiceFailure? failure = null) =>
        Context.Report(Name, kind, message, exit, error, failure);

    /// <summary>
    /// Tells of a failure, or of what followed one, and has done what its rule wants beside: a program run, others told.
    /// </summary>
    /// <param name="definition">The service's, by which the rule decided.</param>
    /// <param name="plan">What was decided.</param>
    /// <param name="failure">The same, for the event; null: there is none.</param>
    /// <param name="kind">Of the event.</param>
    /// <param name="message">In a sentence.</param>
    /// <param name="exit">How a process ended; null: none did.</param>
    /// <param name="error">What went wrong; null: nothing more than the message says.</param>
    /// <param name="isNote">Does nothing follow from it?</param>
    public void ReportFailure(
        ServiceDefinition definition, FailurePlan plan, PyServiceFailure? failure, ServiceEventKind kind, string message,
        ExitReport? exit = null, ErrorReport? error = null, bool isNote = false)
    {
        if (failure is null)
        {
            Report(kind, message, exit, error);
            return;
        }

        Context.Report(definition, plan.Decision.Rule, new ServiceEvent
        {
            Time = failure.Time,
            Service = Name,
            Kind = kind,
            Message = message,
            Exit = exit,
            Error = error,
            Failure = failure,
        }, isNote);
        TellOfHostRules();
        if (plan.Decision.Rule?.Run is { } hook)
            Context.RunHook(definition, hook, failure);
        // One that is given up is passed up then.
        var isPassedUp = plan.Decision.Rule is { PassesUp: true } rule && (plan.Wait is not null || rule.Action is FailureAction.Record);
        if (failure.Event is PyServiceFailureEvent.Failed ? isPassedUp
            : failure is { Event: PyServiceFailureEvent.GivenUp, Layer: PyServiceFailureLayer.Service })
            Context.PassUp(Name);
    }

    /// <summary>Whoever looks for why it was decided so has to know, once, that it was not by what the host's rules say now.</summary>
    private void TellOfHostRules()
    {
        var rules = Context.HostRules.Current;
        if (rules.Problem is { } problem && !rules.Problems.SequenceEqual(_toldOfHost))
            Report(ServiceEventKind.Warning, problem);
        _toldOfHost = rules.Problems;
    }

    /// <summary>Keeps it as the last failure, for the status.</summary>
    public PyServiceFailure Note(PyServiceFailure failure)
    {
        Change(record => record with { Failure = failure });
        return failure;
    }

    /// <summary>
    /// Orders something of this service that nobody else has ordered, its rules have; of the generation with this number, and of no other.
    /// </summary>
    public required Func<ServiceAction, int, Task> OrderByRule { get; init; }

    /// <summary>Tells what was done, which is also the answer to who ordered it.</summary>
    public Outcome Done(ServiceEventKind kind, string message, IReadOnlyList<string> warnings)
    {
        Report(kind, message);
        return new Outcome(OperationOutcome.Done, message, warnings);
    }

    /// <summary>The sentence about a service that serves.</summary>
    public string Describe(string verb) =>
        $"{Name} was {verb} (pid {Record.Pid}, {Record.Listen ?? "no address"}, log {Context.OutputFileOf(Name)}).";

    /// <summary>
    /// Tells those who want to know that a generation begins or ceases to serve, and waits for them. They hear of everything in its order.
    /// </summary>
    /// <returns>Warnings.</returns>
    public Task<IReadOnlyList<string>> AnnounceAsync(ServingEvent moment, Generation generation)
    {
        var announcement = AnnounceAsync(_announced,
            new ServingNotice(moment, generation.Definition, generation.Number, generation.Since, generation.MainAddress,
                moment is ServingEvent.Ready or ServingEvent.Adopted ? generation.Site : null));
        _announced = announcement;
        return announcement;
    }

    /// <summary>The same where nobody waits.</summary>
    public void AnnounceBeside(ServingEvent moment, Generation generation) =>
        _ = RunBesideAsync(async () => ReportWarnings(await AnnounceAsync(moment, generation)));

    /// <summary>Tells what nobody who gave an order gets to hear.</summary>
    public void ReportWarnings(IReadOnlyList<string> warnings)
    {
        foreach (var warning in warnings)
            Report(ServiceEventKind.Warning, warning);
    }

    /// <summary>Lets something run beside the loop, until its token ends it. Should it fail, that is reported.</summary>
    public async Task RunBesideAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (OperationCanceledException)
        {
            // It is not needed any more.
        }
        catch (Exception error)
        {
            Report(ServiceEventKind.Warning, $"Supervision error of {Name}: {error.Message}");
        }
    }

    private async Task<IReadOnlyList<string>> AnnounceAsync(Task former, ServingNotice notice)
    {
        await former;
        var warnings = await Task.WhenAll(Context.Observers.Select(observer => AskAsync(observer, notice)));
        return [.. warnings.SelectMany(some => some)];
    }

    private async Task<IReadOnlyList<string>> AskAsync(IServingObserver observer, ServingNotice notice)
    {
        using var limit = new CancellationTokenSource(ObserverLimit, Time);
        try
        {
            // One that does not heed its token is not waited for either.
            return await observer.ObserveAsync(notice, limit.Token).WaitAsync(ObserverLimit + TimeSpan.FromSeconds(1), Time,
                CancellationToken.None);
        }
        catch (Exception error)
        {
            var reason = error is OperationCanceledException or TimeoutException
                ? $"no end within {ObserverLimit.TotalSeconds:0} s" : error.Message;
            return [$"{observer.GetType().Name} was not told that {Name} is {notice.Event}: {reason}."];
        }
    }
}
