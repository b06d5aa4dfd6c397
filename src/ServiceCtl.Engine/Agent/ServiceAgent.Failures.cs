using ServiceCtl.Contracts;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Failures;
using ServiceCtl.Engine.Supervision;

namespace ServiceCtl.Engine.Agent;

/// <summary>What rules for failures want of others than the service that has failed.</summary>
public sealed partial class ServiceAgent
{
    void ISupervisionJournal.RunHook(ServiceDefinition definition, FailureHook hook, PyServiceFailure failure) =>
        _hooks.Run(definition, hook, failure);

    /// <summary>Until the agent ends: rules about lines count as soon as they are written; others are read when something fails.</summary>
    private async Task FollowHostRulesAsync()
    {
        try
        {
            await _context.FollowHostRulesAsync(_ending.Token);
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // The agent ends.
        }
        catch (Exception error) when (error is ServiceCtlException or IOException or UnauthorizedAccessException or OutOfMemoryException)
        {
            _log.Warning("{File} is not watched, but read when a service fails: {Problem}", _paths.HostRules, error.Message);
        }
    }

    private void NoticeHostRules(HostRules rules)
    {
        foreach (var problem in rules.Problems)
            _log.Warning("{Place}: {Problem}", problem.Place, problem.Message);
        _log.Information("{Count} rules of the host hold for the failures of its services", rules.Rules.Count);
        foreach (var supervisor in _supervisors.Values)
            supervisor.NoticeHostRules();
    }

    void ISupervisionJournal.PassUp(string service)
    {
        foreach (var supervisor in _supervisors.Values.Where(other => other.Record.Requires.Contains(service)))
            supervisor.NoticeDependency(service);
    }

    void ISupervisionJournal.StartInstead(string service, string other)
    {
        // One that can't be started says so itself.
        if (_supervisors.GetValueOrDefault(other) is { } supervisor)
        {
            _ = supervisor.OrderByRuleAsync(ServiceAction.Start);
            return;
        }

        _events.Publish(new ServiceEvent
        {
            Time = _time.GetLocalNow(),
            Service = service,
            Kind = ServiceEventKind.Warning,
            Message = $"A rule of {service} starts {other}, which is not registered.",
        });
    }
}
