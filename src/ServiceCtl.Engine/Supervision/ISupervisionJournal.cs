using ServiceCtl.Contracts;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Failures;

namespace ServiceCtl.Engine.Supervision;

/// <summary>Receives what has to outlive a supervisor.</summary>
public interface ISupervisionJournal
{
    /// <returns>The number by which the event is known; 0 for none.</returns>
    long Publish(ServiceEvent happened);

    /// <summary>Keeps on disk whether the service is to run, so that it does after a reboot.</summary>
    void SetWanted(string service, bool isWanted);

    /// <summary>Keeps on disk whether it has ended as it may, so that another agent does not take it for lost.</summary>
    void SetFinished(string service, bool hasFinished);

    /// <summary>Has a program run that a rule asks for, beside everything else; returns at once.</summary>
    void RunHook(ServiceDefinition definition, FailureHook hook, PyServiceFailure failure);

    /// <summary>What requires a service gets to know that it has failed.</summary>
    void PassUp(string service);

    /// <summary>Starts another service in the place of one that has failed.</summary>
    void StartInstead(string service, string other);
}
