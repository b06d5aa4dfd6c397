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
