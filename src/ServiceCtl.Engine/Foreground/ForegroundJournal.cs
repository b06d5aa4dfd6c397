using Serilog.Core;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Alerts;
using ServiceCtl.Engine.Events;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Foreground;

/// <summary>
/// What happens to a service in the foreground that has alerts: kept as an agent keeps it, and sent by the same process, which ends with
/// this one.
/// </summary>
internal sealed class ForegroundJournal : IAsyncDisposable
{
    /// <summary>The end of a container waits for the alert that tells of it, and for a receiver that hangs not much longer.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(4);

    private readonly EventHub _events;
    private readonly AlertDispatcher _alerts;

    /// <param name="paths">Where it keeps its files; of its own, not an agent's.</param>
    /// <param name="watcher">Notices the end of the process that sends.</param>
    /// <param name="time">The clock.</param>
    /// <param name="definition">Says who hears of it.</param>
    /// <param name="report">Takes what goes wrong.</param>
    public ForegroundJournal(
        AgentPaths paths, ExitWatcher watcher, TimeProvider time, ServiceDefinition definition, Action<string> report)
    {
        _events = new EventHub(paths.Events, Logger.None, JournalSize.Of(Environment.GetEnvironmentVariable));
        _alerts = new AlertDispatcher(paths, new AlertProcess(paths, watcher, report) { MayBeOpen = true }, _events, _ => true, time);
        _alerts.Follow(definition, isServing: true);
        _alerts.Resume();
    }

    /// <inheritdoc cref="EventHub.Add"/>
    public long Publish(ServiceEvent happened) => _events.Add(happened);

    public async ValueTask DisposeAsync()
    {
        await _alerts.WhenSentAsync(LastWords);
        await _alerts.DisposeAsync();
        _events.Dispose();
    }
}
