namespace ServiceCtl.Engine.Supervision;

/// <summary>The loop of a <see cref="Supervisor"/>, as the service's life sees it: everything has its turn, one after the other.</summary>
internal interface ISupervisorLoop
{
    ServiceRecord Record { get; }

    /// <summary>Replaces the record. Only during one's turn.</summary>
    /// <exception cref="InvalidOperationException">The state may not follow the present one: a fault of ours.</exception>
    void Change(ServiceRecord next);

    /// <summary>Has something done when its turn comes.</summary>
    void Post(Func<Task> work);

    /// <summary>Has something started, when its turn comes, that nobody has ordered: an order to stop or restart withdraws it.</summary>
    void PostStart(Func<CancellationToken, Task> start);
}
