using System.Collections.Concurrent;
using System.Threading.Channels;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Services.Catalog;
using ServiceCtl.Engine.Supervision;

namespace ServiceCtl.Engine.Agent;

/// <summary>
/// Carries out one order on several services: all at once, but for what <c>requires:</c> puts in order. A start begins with what is
/// required and doesn't run, and a stop with whatever runs and requires it. A restart touches nobody else: it loses no request.
/// </summary>
internal sealed class Operations
{
    private readonly ConcurrentDictionary<string, Supervisor> _supervisors;
    private readonly ExecuteOperation _execute;
    private readonly Action _done;
    private readonly Lock _gate = new();

    // Starts that wait for what they require, so that their supervisors do not know of them yet.
    private readonly List<(string Service, CancellationTokenSource Withdrawal)> _waiting = [];

    /// <param name="supervisors">Of all services, by name.</param>
    /// <param name="execute">Gives one order to one service.</param>
    /// <param name="done">Hears when all of an order is done.</param>
    public Operations(ConcurrentDictionary<string, Supervisor> supervisors, ExecuteOperation execute, Action done)
    {
        _supervisors = supervisors;
        _execute = execute;
        _done = done;
    }

    /// <summary>Gives one order to one service, and tells its steps.</summary>
    public delegate Task<OperationResult> ExecuteOperation(
        Supervisor supervisor, OperationRequest request, bool isOnly, ChannelWriter<OperationEvent> events, CancellationToken cancellation);

    /// <summary>Gives the order, and streams what happens.</summary>
    public ChannelReader<OperationEvent> Begin(OperationRequest request, CancellationToken cancellation)
    {
        var events = Channel.CreateUnbounded<OperationEvent>();
        _ = ExecuteAsync();
        return events.Reader;

        async Task ExecuteAsync()
        {
            try
            {
                var (names, missing) = NamePattern.Select(request.Services, [.. _supervisors.Keys.Order(StringComparer.Ordinal)]);
                foreach (var name in missing)
                    events.Writer.TryWrite(new OperationEvent { Result = Failed(request.Action, NamePattern.NotFound(name).Report, name) });
                await new Run(this, request, [.. names], events.Writer, cancellation).ExecuteAsync();
                events.Writer.Complete();
                _done();
            }
            catch (Exception error)
            {
                events.Writer.Complete(error);
            }
        }
    }

    private static OperationResult Failed(ServiceAction action, ErrorReport error, string service) =>
        new() { Service = service, Action = action, Outcome = OperationOutcome.Failed, Message = error.Message, Error = error };

    private CancellationTokenSource BeginWaiting(string service, CancellationToken cancellation)
    {
        var withdrawal = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        lock (_gate)
            _waiting.Add((service, withdrawal));
        return withdrawal;
    }

    private void EndWaiting(CancellationTokenSource withdrawal)
    {
        lock (_gate)
            _waiting.RemoveAll(waiting => waiting.Withdrawal == withdrawal);
        withdrawal.Dispose();
    }

    private void WithdrawWaiting(string service)
    {
        lock (_gate)
        {
            // A copy: what is withdrawn takes itself off the list.
            foreach (var (_, withdrawal) in _waiting.Where(waiting => waiting.Service == service).ToArray())
                withdrawal.Cancel();
        }
    }

    /// <summary>One order on its way.</summary>
    private sealed class Run
    {
        private readonly Operations _owner;
        private readonly OperationRequest _request;
        private readonly HashSet<string> _named;
        private readonly ChannelWriter<OperationEvent> _events;
        private readonly CancellationToken _cancellation;
        private readonly Dictionary<string, Task<OperationResult?>> _tasks = [];

        public Run(Operations owner, OperationRequest request, HashSet<string> named, ChannelWriter<OperationEvent> events,
            CancellationToken cancellation)
        {
            _owner = owner;
            _request = request;
            _named = named;
            _events = events;
            // Whoever does not wait can't withdraw by going away.
            _cancellation = request.NoWait ? CancellationToken.None : cancellation;
        }

        public async Task ExecuteAsync()
        {
            switch (_request.Action)
            {
                case ServiceAction.Start or ServiceAction.Restart:
                    await PlanStartsAsync();
                    break;
                case ServiceAction.Stop:
                    PlanStops();
                    break;
                default:
                    foreach (var name in _named)
                        _ = Add(name, () => OrderAsync(name, _request.Action, null));
                    break;
            }

            if (!_request.NoWait)
                await Task.WhenAll(_tasks.Values);
        }

        private void Report(OperationProgress value) => _events.TryWrite(new OperationEvent { Progress = value });

        private async Task PlanStartsAsync()
        {
            var requirements = await Requirements.ReadAsync(_named, name => _owner._supervisors.GetValueOrDefault(name), _cancellation);
            foreach (var name in _named)
            {
                try
                {
                    // In order, so that the tasks of what is required exist before those that wait for them.
                    foreach (var needed in DependencyOrder.WithRequirements([name], requirements.Of))
                        _ = Add(needed, () => StartAsync(needed, name, requirements.Of(needed)!));
                }
                catch (ServiceCtlException error)
                {
                    _ = Add(name, () => Task.FromResult<OperationResult?>(Failed(_request.Action, error.Report, name)));
                }
            }
        }

        private async Task<OperationResult?> StartAsync(string name, string neededBy, IReadOnlyList<string> requirements)
        {
            var isNamed = _named.Contains(name);
            if (!isNamed && _owner._supervisors.GetValueOrDefault(name)?.Record.State is ServiceState.Running)
                return null;
            if (requirements.Count > 0 && await WaitForAsync(name, requirements) is { } refusal)
                return refusal;
            return isNamed
                ? await OrderAsync(name, _request.Action, null) : await OrderAsync(name, ServiceAction.Start, $"{neededBy} requires it.");
        }

        /// <returns>Null when all that is required runs.</returns>
        private async Task<OperationResult?> WaitForAsync(string name, IReadOnlyList<string> requirements)
        {
            var withdrawal = _owner.BeginWaiting(name, _cancellation);
            try
            {
                var needed = requirements.Select(requirement => _tasks[requirement]).ToArray();
                if (!Array.TrueForAll(needed, task => task.IsCompleted))
                    Report(new OperationProgress(name, $"Waiting for {string.Join(", ", requirements)}, which it requires"));
                var results = await Task.WhenAll(needed).WaitAsync(withdrawal.Token);
                if (Array.Find(results, result => result is { Outcome: OperationOutcome.Failed }) is not { } failed)
                    return null;
                return Failed(
                    _request.Action,
                    new ErrorReport
                    {
                        Code = ErrorCode.RequirementFailed,
                        Target = name,
                        Message = $"{name} was not started, because {failed.Service}, which it requires, failed: {failed.Message}",
                        Advice = $"See to {failed.Service} first, or take it out of service.requires of {name}.",
                    },
                    name);
            }
            catch (OperationCanceledException)
            {
                return Failed(
                    _request.Action,
                    new ErrorReport
                    {
                        Code = ErrorCode.Cancelled,
                        Target = name,
                        Message = $"The order to {_request.Action} {name} was withdrawn; it had not begun."
                    }, name);
            }
            finally
            {
                _owner.EndWaiting(withdrawal);
            }
        }

        private void PlanStops()
        {
            var requirers = _owner._supervisors.Values.Select(supervisor => supervisor.Record)
                .Where(record => record.State is not (ServiceState.Stopped or ServiceState.Failed))
                .SelectMany(record => record.Requires, (record, requirement) => (requirement, record.Name))
                .ToLookup(pair => pair.requirement, pair => pair.Name, StringComparer.Ordinal);
            foreach (var name in _named)
                _ = PlanStop(name, null, requirers, []);
        }

        /// <summary>A circle, which configurations may have got since their services were started, is cut where it closes.</summary>
        private Task<OperationResult?> PlanStop(string name, string? requirement, ILookup<string, string> requirers, HashSet<string> path)
        {
            if (_tasks.GetValueOrDefault(name) is { } planned)
                return planned;
            path.Add(name);
            Task<OperationResult?>[] before = [
                .. requirers[name].Where(requirer => !path.Contains(requirer))
                    .Select(requirer => PlanStop(requirer, name, requirers, path))];
            path.Remove(name);
            return Add(name, async () =>
            {
                if (before.Length > 0)
                    Report(new OperationProgress(name, "Waiting until what requires it has stopped"));
                await Task.WhenAll(before);
                return await OrderAsync(name, ServiceAction.Stop, _named.Contains(name) ? null : $"It requires {requirement}.");
            });
        }

        private Task<OperationResult?> Add(string name, Func<Task<OperationResult?>> work)
        {
            if (!_tasks.TryGetValue(name, out var task))
                _tasks[name] = task = ExecuteAsync(name, work);
            return task;
        }

        private async Task<OperationResult?> ExecuteAsync(string name, Func<Task<OperationResult?>> work)
        {
            // Taken on before anybody hears of it: whoever waits for the service then, waits for this order.
            using var taken = _owner._supervisors.GetValueOrDefault(name)?.TakeOn();
            if (_request.NoWait && _named.Contains(name))
                _events.TryWrite(new OperationEvent { Result = Taken(name) });
            var result = await work();
            // What was needed and did not have to be done is not worth a word.
            if (!_request.NoWait && result is not null && (_named.Contains(name) || result.Outcome != OperationOutcome.Unchanged))
                _events.TryWrite(new OperationEvent { Result = result });
            return result;
        }

        private OperationResult Taken(string name) => new()
        {
            Service = name,
            Action = _request.Action,
            Outcome = OperationOutcome.Done,
            Message = $"{name} has taken the order.",
            After = _owner._supervisors.GetValueOrDefault(name)?.Record is { } record
                ? record.ToPyService() with { State = StateWith(_request.Action, record) } : null,
        };

        /// <summary>The state that an order puts a service in when its turn comes.</summary>
        private static ServiceState StateWith(ServiceAction action, ServiceRecord record) => (action, record.State, record.Pid) switch
        {
            (ServiceAction.Stop, ServiceState.Stopped or ServiceState.Failed, _) => record.State,
            (ServiceAction.Stop, _, _) => ServiceState.Stopping,
            (ServiceAction.Start or ServiceAction.Restart, _, null) => ServiceState.Starting,
            (ServiceAction.Start, _, _) => record.State,
            (ServiceAction.Restart, _, _) or (ServiceAction.HotRestart, _, not null) => ServiceState.Restarting,
            _ => record.State,
        };

        /// <param name="name">The service.</param>
        /// <param name="action">What it is ordered.</param>
        /// <param name="because">Why, where nobody named it.</param>
        /// <returns>Null for a service that was unregistered meanwhile.</returns>
        private async Task<OperationResult?> OrderAsync(string name, ServiceAction action, string? because)
        {
            if (_owner._supervisors.GetValueOrDefault(name) is not { } supervisor)
                return null;
            if (action is ServiceAction.Stop)
                _owner.WithdrawWaiting(name);
            var result = await _owner._execute(supervisor, _request with { Action = action }, _named.Count == 1 && because is null, _events,
                _cancellation);
            return because is null ? result : result with { Message = $"{result.Message} {because}", Because = because };
        }
    }
}
