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
