using ServiceCtl.Contracts;
using ServiceCtl.Engine.Services.Catalog;
using ServiceCtl.Engine.Supervision;

namespace ServiceCtl.Engine.Agent;

/// <summary>
/// Starts, for an agent that has just begun, what is to run and doesn't: after a reboot that is everything. What is required comes first;
/// whoever requires it is Idle until it runs, or has been given up.
/// </summary>
internal sealed class Restoration
{
    private readonly Dictionary<string, Supervisor> _supervisors;
    private readonly IReadOnlyList<string> _enabled;

    /// <param name="supervisors">Of all services.</param>
    /// <param name="enabled">Services that nobody but this boot has ordered to run: what they require is started with them, as by an
    /// order.</param>
    public Restoration(IEnumerable<Supervisor> supervisors, IReadOnlyList<string> enabled)
    {
        _enabled = enabled;
        _supervisors = supervisors.ToDictionary(supervisor => supervisor.Record.Name, StringComparer.Ordinal);
    }

    /// <summary>Ends when everything has had its turn, or when the agent ends.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await WantRequiredAsync(cancellation);
        var wanted = _supervisors.Values
            .Where(supervisor => supervisor.Record is { IsWanted: true, HasFinished: false, Pid: null }).ToArray();
        var requirements = await Requirements.ReadAsync(wanted.Select(supervisor => supervisor.Record.Name),
            name => _supervisors.GetValueOrDefault(name), cancellation);
        await Task.WhenAll(wanted.Select(supervisor => StartAsync(supervisor, requirements, cancellation)));
    }

    private async Task WantRequiredAsync(CancellationToken cancellation)
    {
        var requirements = await Requirements.ReadAsync(_enabled, name => _supervisors.GetValueOrDefault(name), cancellation);
        foreach (var name in _enabled.SelectMany(RequiredBy).Distinct(StringComparer.Ordinal)
            .Where(name => _supervisors[name].Record is { IsWanted: false, Pid: null }))
            await _supervisors[name].WantAsync();

        IReadOnlyList<string> RequiredBy(string name)
        {
            try
            {
                return DependencyOrder.WithRequirements([name], requirements.Of);
            }
            catch (ServiceCtlException)
            {
                // Its own start says what is wrong with them.
                return [];
            }
        }
    }

    private async Task StartAsync(Supervisor supervisor, Requirements requirements, CancellationToken cancellation)
    {
        var name = supervisor.Record.Name;
        try
        {
            _ = DependencyOrder.WithRequirements([name], requirements.Of);
        }
        catch (ServiceCtlException error)
        {
            supervisor.Fail(error.Message);
            return;
        }

        foreach (var requirement in requirements.Of(name)!)
        {
            if (_supervisors[requirement] is not { Record: { IsWanted: true, HasFinished: false, State: not ServiceState.Running } } needed)
                continue;
            supervisor.Hold($"It waits for {requirement}, which it requires.");
            await SettledAsync(needed, cancellation);
            if (needed.Record is { IsWanted: true, State: ServiceState.Failed } failed)
            {
                supervisor.Fail($"{name} was not started, because {requirement}, which it requires, failed: {failed.Problem}");
                return;
            }
        }

        supervisor.Restore();
    }

    /// <summary>Waits as long as the service may still come to run: its own policy says when that is over.</summary>
    private static async Task SettledAsync(Supervisor needed, CancellationToken cancellation)
    {
        while (true)
        {
            var change = needed.NextChangeAsync(cancellation);
            if (needed.Record is { IsWanted: false } or { HasFinished: true } or { State: ServiceState.Running or ServiceState.Failed })
                return;
            await change;
        }
    }
}
