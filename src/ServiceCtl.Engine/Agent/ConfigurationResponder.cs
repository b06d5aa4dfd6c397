using Serilog;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Composition;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Keys;
using ServiceCtl.Engine.Services.Watching;
using ServiceCtl.Engine.Supervision;

namespace ServiceCtl.Engine.Agent;

/// <summary>
/// Tells, as events, what becomes of the services' configuration files, and restarts those that ask for it with <c>service.on_change</c>.
/// </summary>
internal sealed class ConfigurationResponder : IDisposable
{
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Func<string, Supervisor?> _find;
    private readonly Action<ServiceEvent> _publish;
    private readonly ConfigurationWatch? _watch;

    /// <param name="time">The clock.</param>
    /// <param name="log">The agent's log.</param>
    /// <param name="find">The supervisor of a service; null when it is not known any longer.</param>
    /// <param name="publish">Takes the events.</param>
    public ConfigurationResponder(TimeProvider time, ILogger log, Func<string, Supervisor?> find, Action<ServiceEvent> publish)
    {
        _time = time;
        _log = log;
        _find = find;
        _publish = publish;
        try
        {
            _watch = new ConfigurationWatch(time, Receive);
        }
        catch (ServiceCtlException error)
        {
            ReportUnwatched("", error);
        }
    }

    /// <param name="service">The name it goes by.</param>
    /// <param name="configPath">Absolute.</param>
    /// <param name="now">What it says now; null when that is wrong.</param>
    /// <param name="request">Tells, for each reading, what is to be read beside what the folder says.</param>
    public void Follow(string service, string configPath, ServiceReading? now, Func<SourceRequest> request)
    {
        try
        {
            _watch?.Follow(service, configPath, now, request);
        }
        catch (ServiceCtlException error)
        {
            ReportUnwatched(service, error);
        }
    }

    public void Forget(string service) => _watch?.Forget(service);

    public void Dispose() => _watch?.Dispose();

    private void Receive(ConfigurationUpdate update)
    {
        if (_find(update.Service) is not { } supervisor)
            return;
        _publish(EventOf(update, supervisor));
        if (update.Definition is { OnChange: ChangeResponse.Restart } && ActionFor(update.Changes) is { } action
            && supervisor.Record.Pid is not null)
            _ = supervisor.FollowConfigurationAsync(action, update.MovedTo, CancellationToken.None);
    }

    private ServiceEvent EventOf(ConfigurationUpdate update, Supervisor supervisor) => new()
    {
        Time = _time.GetLocalNow(),
        Service = update.Service,
        Kind = update.Refusal is null ? ServiceEventKind.ConfigChanged : ServiceEventKind.ConfigRefused,
        Message = update switch
        {
            { Refusal: { } refusal } =>
                $"The configuration was changed and is wrong, so nothing was done. {refusal.Message} {refusal.Report.Advice}".TrimEnd(),
            { Changes: [] } => $"{update.ConfigPath} is right again, and says what it said before.",
            _ =>
                "The configuration has changed: "
                    + $"{string.Join(", ", update.Changes.Take(20))}"
                    + $"{(update.Changes.Count > 20 ? $" and {update.Changes.Count - 20} more" : "")}. {Demand(update, supervisor)}",
        },
        Changes = update.Changes.Count > 0 ? update.Changes : null,
    };

    private static string Demand(ConfigurationUpdate update, Supervisor supervisor)
    {
        if (supervisor.ServesFrom(update.MovedTo))
            return "The release that serves was started with it.";
        return supervisor.Record.FindRename(update.Definition!) is { } rename
            ? update.Changes is [var only] && only.Key == RegistrationKeys.ServiceName.Path ? rename : $"{Demand(update)} {rename}"
            : Demand(update);
    }

    private static string Demand(ConfigurationUpdate update) =>
        (ConfigurationChanges.EffectOf(update.Changes), update.Definition!.OnChange) switch
        {
            (ConfigChangeEffect.None, _) => "It counts from now on.",
            (_, ChangeResponse.Restart) => "If the service runs, it is restarted now, as service.on_change asks for.",
            (ConfigChangeEffect.Hot, _) => "A hot restart makes it count.",
            _ => "A restart makes it count.",
        };

    private static ServiceAction? ActionFor(IReadOnlyList<ConfigChange> changes) => ConfigurationChanges.EffectOf(changes) switch
    {
        ConfigChangeEffect.Restart => ServiceAction.Restart,
        ConfigChangeEffect.Hot => ServiceAction.HotRestart,
        _ => null,
    };

    private void ReportUnwatched(string service, ServiceCtlException error)
    {
        _log.Warning(error, "Changes of configuration files are not noticed. {Message}", error.Message);
        if (service.Length == 0)
            return;
        _publish(new ServiceEvent
        {
            Time = _time.GetLocalNow(),
            Service = service,
            Kind = ServiceEventKind.Warning,
            Message = $"Changes of its configuration are not noticed. {error.Message} {error.Report.Advice}",
        });
    }
}
