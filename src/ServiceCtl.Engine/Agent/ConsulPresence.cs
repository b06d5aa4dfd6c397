using ServiceCtl.Engine.Discovery;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Agent;

/// <summary>What is known of one service's registration, and what follows from it.</summary>
internal sealed class ConsulPresence : IAsyncDisposable
{
    /// <summary>A check of the kind TTL is told so many times within its time, so that one lost message is no alarm.</summary>
    private const int TellsPerTtl = 3;

    private readonly Lock _gate = new();
    private List<string> _warnings = [];
    private ConsulRegistration? _registered;
    private CancellationTokenSource? _telling;
    private Task _told = Task.CompletedTask;

    /// <summary>What the last order said; null for nothing.</summary>
    public bool? Wanted { get; set; }

    /// <summary>The last thing that was begun; never fails.</summary>
    public Task Last { get; private set; } = Task.CompletedTask;

    /// <summary>Has something done after everything before it.</summary>
    public Task Enqueue(Func<ConsulPresence, Task> work)
    {
        lock (_gate)
            return Last = RunAfterAsync(Last, work);
    }

    public void Warn(string warning)
    {
        lock (_gate)
            _warnings.Add(warning);
    }

    public IReadOnlyList<string> TakeWarnings()
    {
        lock (_gate)
        {
            var taken = _warnings;
            _warnings = [];
            return taken;
        }
    }

    public async Task<IReadOnlyList<string>> ServeAsync(ConsulRule rule, ConsulRegistration registration, TimeProvider time)
    {
        if (Wanted ?? (_registered is not null || rule.IsEnabled))
            return await RegisterAsync(rule, registration, time);
        return await LeaveAsync();
    }

    /// <summary>What is registered already was so by the agent that has died.</summary>
    public async Task<IReadOnlyList<string>> AdoptAsync(ConsulRule rule, ConsulRegistration registration, TimeProvider time)
    {
        if (!rule.IsMentioned)
            return [];
        var (ids, problem) = await registration.ListAsync(CancellationToken.None);
        _registered = ids?.Contains(rule.Id) == true ? registration : null;
        if (_registered is null && !rule.IsEnabled)
            return [];
        return problem is null ? await RegisterAsync(rule, registration, time) : [problem];
    }

    /// <summary>A stop takes out what is registered, and what should be, also when another agent or <c>service.py</c> has registered it.</summary>
    public async Task<IReadOnlyList<string>> StopAsync(ConsulRule rule, ConsulRegistration registration)
    {
        if (Wanted is not false && (rule.IsEnabled || Wanted is true))
            _registered ??= registration;
        return Wanted is false ? [] : await LeaveAsync();
    }

    /// <summary>With a TTL it turns critical; else nobody would hear of it before the next check, so it is taken out until it serves again.</summary>
    public async Task<IReadOnlyList<string>> CrashAsync(ConsulRule rule)
    {
        await StopTellingAsync();
        if (_registered is not { } registered)
            return [];
        return rule.Ttl is null
            ? await registered.DeregisterAsync(CancellationToken.None)
            : await registered.UpdateTtlAsync(isWell: false, CancellationToken.None);
    }

    /// <summary>Comes to the end of what was begun. What is registered stays so: the service goes on.</summary>
    public async ValueTask DisposeAsync()
    {
        await Last;
        await StopTellingAsync();
    }

    private async Task StopTellingAsync()
    {
        if (_telling is null)
            return;
        await _telling.CancelAsync();
        await _told;
        _telling.Dispose();
        _telling = null;
    }

    private async Task<IReadOnlyList<string>> RegisterAsync(ConsulRule rule, ConsulRegistration registration, TimeProvider time)
    {
        await StopTellingAsync();
        var former = _registered;
        _registered = registration;
        var warnings = new List<string>(await registration.RegisterAsync(isOurs: former is not null, CancellationToken.None));
        // Its configuration has given it another id, or another Consul.
        if (former is not null && former.Identity != registration.Identity)
            warnings.AddRange(await former.DeregisterAsync(CancellationToken.None));
        if (rule.Ttl is { } ttl)
        {
            _telling = new CancellationTokenSource();
            _told = TellAsync(registration, ttl / TellsPerTtl, time, _telling.Token);
        }

        return warnings;
    }

    private async Task<IReadOnlyList<string>> LeaveAsync()
    {
        await StopTellingAsync();
        var registered = _registered;
        _registered = null;
        return registered is null ? [] : await registered.DeregisterAsync(CancellationToken.None);
    }

    /// <summary>Nobody is there to be warned when it fails; Consul itself shows a service of which it hears nothing as critical.</summary>
    private static async Task TellAsync(ConsulRegistration registration, TimeSpan every, TimeProvider time, CancellationToken end)
    {
        using var timer = new PeriodicTimer(every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(end))
                await registration.UpdateTtlAsync(isWell: true, end);
        }
        catch (OperationCanceledException)
        {
            // It does not serve any more.
        }
    }

    private async Task RunAfterAsync(Task former, Func<ConsulPresence, Task> work)
    {
        await former;
        try
        {
            await work(this);
        }
        catch (Exception error)
        {
            Warn($"Consul could not be told: {error.Message}");
        }
    }
}
