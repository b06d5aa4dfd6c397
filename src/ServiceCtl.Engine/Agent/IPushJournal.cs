using ServiceCtl.Contracts;
using ServiceCtl.Engine.Remote;

namespace ServiceCtl.Engine.Agent;

/// <summary>Keeps what has to outlive a <see cref="ConfigPushHandler"/>.</summary>
internal interface IPushJournal
{
    /// <summary>A configuration has proven itself, and is kept for the next agent.</summary>
    void KeepProven(RemoteConfig proven);

    void Publish(ServiceEvent happened);
}
