using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Supervision;

/// <summary>Receives what has to outlive a supervisor.</summary>
public interface ISupervisionJournal
{
    void Publish(ServiceEvent happened);

    /// <summary>Keeps on disk whether the service is to run, so that it does after a reboot.</summary>
    void SetWanted(string service, bool isWanted);

    /// <summary>Keeps on disk whether it has ended as it may, so that another agent does not take it for lost.</summary>
    void SetFinished(string service, bool hasFinished);
}
