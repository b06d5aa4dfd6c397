// Longer than 300 lines: one lock guards all that it knows, and who takes it must be seen at a glance.
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Composition;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Remote;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Rules;
using ServiceCtl.Engine.Supervision;

namespace ServiceCtl.Engine.Agent;

/// <summary>
/// Takes the configurations that are pushed to one service: checks, writes, and has the service restarted, once for a burst. What is wrong
/// is refused and touches nothing; where the service does not become ready, the previous one is put back. What follows from what is decided
/// by <see cref="RemoteState"/>.
/// </summary>
internal sealed class ConfigPushHandler : IDisposable
{
    /// <summary>A burst is over after so long without a push; nobody waits longer for a restart than the second one says.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private readonly RemoteRule _rule;
    private readonly FileActor? _owner;
    private readonly Supervisor _supervisor;
    private readonly TimeProvider _time;
    private readonly IPushJournal _journal;
    private readonly QuietPeriod _burst;
    private readonly SemaphoreSlim _applying = new(1);
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _gate = new();
    private List<Pushed> _waiting = [];
    private RemoteState _state;
    private long _writtenAt;

    /// <param name="definition">The service's, with a rule for pushes.</param>
    /// <param name="state">As it is found.</param>
    /// <param name="supervisor">Restarts it.</param>
    /// <param name="time">The clock.</param>
    /// <param name="journal">Keeps what has proven itself, and the events.</param>
    public ConfigPushHandler(
        ServiceDefinition definition, RemoteState state, Supervisor supervisor, TimeProvider time, IPushJournal journal)
    {
        _rule = definition.Remote!;
        _owner = definition.Actor;
        _state = state;
        _supervisor = supervisor;
        _time = time;
        _journal = journal;
        _burst = new QuietPeriod(time, Quiet, Longest, () => _ = ApplyAsync());
    }

    public RemoteRule Rule => _rule;

    /// <summary>Tries what an earlier agent wrote and did not come to try.</summary>
    public void Resume()
    {
        lock (_gate)
        {
            if (!_state.IsDue || _state.Proven is null)
                return;
        }

        _burst.Signal();
    }

    private string Name => _supervisor.Record.Name;

    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ConfigInvalid"/>: it is wrong; <see cref="ErrorCode.System"/>: it can't
    /// be written. Nothing has changed.</exception>
    public async Task<PyServiceConfigPush> PushAsync(ConfigPushRequest request, CancellationToken cancellation)
    {
        RemoteConfig config;
        try
        {
            config = await RemoteConfig.ReadAsync(_rule, request, cancellation);
        }
        catch (ServiceCtlException refusal) when (!request.Preview)
        {
            Report(ServiceEventKind.ConfigRefused,
                $"A pushed configuration is wrong and was refused; {Name} goes on with what it has. {refusal.Message}", refusal.Report);
            throw;
        }

        Pushed pushed;
        lock (_gate)
        {
            pushed = new Pushed(config, PushAnswers.Preview(_supervisor.Record, _rule, config, _state));
            var isNew = !config.IsSameAs(_state.Wanted);
            // Whoever pushes what is being tried at the moment hears what comes of it.
            if (request.Preview || !(isNew || _state.IsDue))
                return pushed.Answer;
            if (isNew)
                Accept(config, request.NoRollback);
            if (!_state.IsDue)
                return pushed.Answer with
                {
                    Outcome = ConfigPushOutcome.Written,
                    Message = $"{Name} reads it by itself: no key that needs a restart has changed."
                };
            if (!request.NoWait)
                _waiting.Add(pushed);
            _burst.Signal();
        }

        return request.NoWait ? pushed.Answer with
        {
            Outcome = ConfigPushOutcome.Written,
            Message = $"The configuration of {Name} is written."
        } : await pushed.Done.Task.WaitAsync(cancellation);
    }

    /// <summary>A generation has become ready, whoever ordered it: it has read what was on disk when it was launched.</summary>
    /// <param name="since">When that was, by the monotonic clock.</param>
    public void NoticeLaunch(long since)
    {
        lock (_gate)
        {
            // What this handler ordered it sees to the end itself.
            if (_applying.CurrentCount > 0 && _state.Wanted is { } wanted && since >= _writtenAt)
                Prove(wanted);
        }
    }

    /// <summary>Somebody may have removed the file: whoever is launched has to find it.</summary>
    public void EnsureWritten()
    {
        lock (_gate)
        {
            if (_state.Wanted is { } wanted && !File.Exists(_rule.File))
                Write(wanted);
        }
    }

    /// <summary>What is wanted is not what is on disk.</summary>
    public void Rewrite()
    {
        lock (_gate)
            Write(_state.Wanted!);
    }

    public void Dispose()
    {
        _end.Cancel();
        _burst.Dispose();
        lock (_gate)
        {
            foreach (var pushed in _waiting)
                pushed.Done.TrySetCanceled();
            _waiting = [];
        }
    }

    private void Accept(RemoteConfig config, bool isKept)
    {
        Write(config);
        var former = _state;
        _state = _state.Accept(config, isKept);
        if (_state.Proven is { } proven && proven != former.Proven)
            _journal.KeepProven(proven);
    }

    private void Write(RemoteConfig config)
    {
        try
        {
            UserFiles.Use(_owner, Path.GetDirectoryName(_rule.File)!,
                () => AtomicFile.Write(_rule.File, System.Text.Encoding.UTF8.GetBytes(config.Text), owner: _owner?.User));
            _writtenAt = _time.GetTimestamp();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ServiceCtlException(
                ErrorCode.System, _rule.File, $"The configuration of {Name} can't be written: {error.Message}",
                "See to the folder and the disk; nothing was changed.", error);
        }
    }

    private async Task ApplyAsync()
    {
        try
        {
            await _applying.WaitAsync(_end.Token);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        PushRefusal? refused = null;
        try
        {
            while (Next(refused is null) is { } next)
            {
                var result = await _supervisor.ApplyConfigurationAsync(_end.Token);
                if (result.Outcome == OperationOutcome.Done)
                {
                    lock (_gate)
                        Prove(next);
                    break;
                }

                // A stop came in between, or the agent ends.
                if (result.Error is not { Code: not ErrorCode.Cancelled } error)
                    break;
                var isBack = TakeBack(next, error);
                refused ??= new PushRefusal(next, error, isBack);
                if (!IsDue)
                    break;
            }
        }
        finally
        {
            Settle(refused);
            _applying.Release();
        }
    }

    /// <summary>What the service is to be started with now; null when nothing is due.</summary>
    private RemoteConfig? Next(bool isFirst)
    {
        lock (_gate)
        {
            if (!_state.IsDue || !_supervisor.Record.IsWanted)
                return null;
            if (isFirst)
                Report(ServiceEventKind.ConfigChanged,
                    $"The pushed configuration has changed: {Keys(_state.Wanted!)}. {Name} is restarted with it.");
            return _state.Wanted;
        }
    }

    private string Keys(RemoteConfig config)
    {
        var keys = config.DifferencesFrom(_state.Running ?? _state.Proven).Select(difference => difference.Key).ToArray();
        return string.Join(", ", keys.Take(20)) + (keys.Length > 20 ? $" and {keys.Length - 20} more" : "");
    }

    private bool IsDue
    {
        get
        {
            lock (_gate)
                return _state.IsDue;
        }
    }

    /// <summary>The service did not come up with a configuration.</summary>
    /// <returns>Whether the one before is put back.</returns>
    private bool TakeBack(RemoteConfig with, ErrorReport error)
    {
        lock (_gate)
        {
            var wanted = _state.Wanted!;
            // Whether the address is free, or uv is there, no configuration of the service decides.
            _state = _state.Failed(
                with, formerServes: _supervisor.Record.State is ServiceState.Running,
                isItsFault: error.Code is ErrorCode.NotReady or ErrorCode.ExitedEarly or ErrorCode.ImportFailed);
            if (_state.Wanted!.IsSameAs(wanted))
                return false;
            Report(ServiceEventKind.ConfigRefused,
                $"{Name} did not become ready with its new configuration, so the previous one is put back. {error.Message}", error);
            try
            {
                Write(_state.Wanted);
            }
            catch (ServiceCtlException unwritten)
            {
                Report(ServiceEventKind.Warning, unwritten.Message);
            }

            return true;
        }
    }

    /// <summary>
    /// Answers those whose configuration has come to its end, and has a service that is to run and doesn't come back as
    /// <c>service.restart</c> says.
    /// </summary>
    private void Settle(PushRefusal? refused)
    {
        List<(Pushed Pushed, PyServiceConfigPush Answer)> answers = [];
        lock (_gate)
        {
            var isPending = _state.IsDue && _supervisor.Record.IsWanted;
            _waiting = [.. _waiting.Where(pushed =>
            {
                if (isPending && pushed.Config.IsSameAs(_state.Wanted))
                    return true;
                answers.Add((pushed, PushAnswers.Final(pushed.Answer, pushed.Config, _supervisor.Record, _state, refused)));
                return false;
            })];
        }

        foreach (var (pushed, answer) in answers)
            pushed.Done.TrySetResult(answer);
        if (refused is not null && _supervisor.Record is { IsWanted: true, State: ServiceState.Failed })
            _supervisor.Restore();
    }

    private void Prove(RemoteConfig config)
    {
        var isNew = !config.IsSameAs(_state.Proven);
        _state = _state.Launched(config);
        if (isNew)
            _journal.KeepProven(config);
    }

    private void Report(ServiceEventKind kind, string message, ErrorReport? error = null) =>
        _journal.Publish(new ServiceEvent { Time = _time.GetLocalNow(), Service = Name, Kind = kind, Message = message, Error = error });

    /// <summary>Somebody who waits for what becomes of his configuration.</summary>
    private sealed record Pushed(RemoteConfig Config, PyServiceConfigPush Answer)
    {
        public TaskCompletionSource<PyServiceConfigPush> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
