using ServiceCtl.Engine.Discovery;
using ServiceCtl.Engine.Services.Rules;

namespace ServiceCtl.Engine.Agent;

/// <summary>What is known of one service's registration, and what follows from it.</summary>
internal sealed class ConsulPresence : IAsyncDisposable
{
    /// <summary>A check of the kind TTL is sent so many times within its time, so that one lost message is no alarm.</summary>
    private const int HeartbeatsPerTtl = 3;

    private readonly SemaphoreSlim _turn = new(1);
    private ConsulRegistration? _registered;
    private CancellationTokenSource? _heartbeatEnd;
    private Task _heartbeats = Task.CompletedTask;

    /// <summary>What the last order said; null for nothing.</summary>
    public bool? Wanted { get; set; }

    /// <summary>Has something done after everything before it.</summary>
    public async Task<IReadOnlyList<string>> InTurnAsync(Func<ConsulPresence, Task<IReadOnlyList<string>>> work)
    {
        await _turn.WaitAsync();
        try
        {
            return await work(this);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async Task<IReadOnlyList<string>> ServeAsync(
        ConsulRule rule, ConsulRegistration registration, TimeProvider time, CancellationToken cancellation)
    {
        if (Wanted ?? (_registered is not null || rule.IsEnabled))
            return await RegisterAsync(rule, registration, time, cancellation);
        return await LeaveAsync(cancellation);
    }

    /// <summary>What is registered already was so by the agent that has died.</summary>
    public async Task<IReadOnlyList<string>> AdoptAsync(
        ConsulRule rule, ConsulRegistration registration, TimeProvider time, CancellationToken cancellation)
    {
        if (!rule.IsMentioned)
            return [];
        var (ids, problem) = await registration.ListAsync(cancellation);
        _registered = ids?.Contains(rule.Id) == true ? registration : null;
        if (_registered is null && !rule.IsEnabled)
            return [];
        return problem is null ? await RegisterAsync(rule, registration, time, cancellation) : [problem];
    }

    /// <summary>
    /// A stop takes out what is registered, and what should be, also when another agent or <c>service.py</c> has registered it.
    /// </summary>
    public async Task<IReadOnlyList<string>> StopAsync(ConsulRule rule, ConsulRegistration registration)
    {
        if (Wanted is false)
        {
            await StopHeartbeatsAsync();
            _registered = null;
            return [];
        }

        if (rule.IsEnabled || Wanted is true)
            _registered ??= registration;
        return await LeaveAsync(CancellationToken.None);
    }

    /// <summary>
    /// It does not serve for the moment. With a TTL it turns critical; else nobody would hear of it before the next check, so it is taken
    /// out until it serves again.
    /// </summary>
    public async Task<IReadOnlyList<string>> WithdrawAsync(ConsulRule rule, CancellationToken cancellation)
    {
        await StopHeartbeatsAsync();
        if (_registered is not { } registered)
            return [];
        return rule.Ttl is null
            ? await registered.DeregisterAsync(cancellation)
            : await registered.UpdateTtlAsync(isWell: false, cancellation);
    }

    /// <summary>Comes to the end of what was begun. What is registered stays so: the service goes on.</summary>
    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync();
        await StopHeartbeatsAsync();
    }

    private async Task StopHeartbeatsAsync()
    {
        if (_heartbeatEnd is null)
            return;
        await _heartbeatEnd.CancelAsync();
        await _heartbeats;
        _heartbeatEnd.Dispose();
        _heartbeatEnd = null;
    }

    private async Task<IReadOnlyList<string>> RegisterAsync(
        ConsulRule rule, ConsulRegistration registration, TimeProvider time, CancellationToken cancellation)
    {
        await StopHeartbeatsAsync();
        var former = _registered;
        _registered = registration;
        var warnings = new List<string>(await registration.RegisterAsync(isOurs: former is not null, cancellation));
        // Its configuration has given it another id, or another Consul.
        if (former is not null && former.Identity != registration.Identity)
            warnings.AddRange(await former.DeregisterAsync(cancellation));
        if (rule.Ttl is { } ttl)
        {
            _heartbeatEnd = new CancellationTokenSource();
            _heartbeats = SendHeartbeatsAsync(registration, ttl / HeartbeatsPerTtl, time, _heartbeatEnd.Token);
        }

        return warnings;
    }

    private async Task<IReadOnlyList<string>> LeaveAsync(CancellationToken cancellation)
    {
        await StopHeartbeatsAsync();
        var registered = _registered;
        _registered = null;
        return registered is null ? [] : await registered.DeregisterAsync(cancellation);
    }

    /// <summary>Nobody is there to be warned when it fails; Consul itself shows a service of which it hears nothing as critical.</summary>
    private static async Task SendHeartbeatsAsync(ConsulRegistration registration, TimeSpan every, TimeProvider time, CancellationToken end)
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
}
