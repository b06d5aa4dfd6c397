using ServiceCtl.Contracts;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Supervision;

/// <summary>One service, as the parts of its life share it: its record, its definition on disk, and the loop in which all of them have their turn.</summary>
internal sealed class SupervisedService
{
    private readonly Func<CancellationToken, Task<ServiceDefinition>> _readDefinition;
    private readonly Func<ServiceRecord> _read;
    private readonly Action<ServiceRecord> _change;
    private readonly Action<Func<Task>> _post;

    public SupervisedService(
        SupervisionContext context, Func<CancellationToken, Task<ServiceDefinition>> readDefinition,
        Func<ServiceRecord> read, Action<ServiceRecord> change, Action<Func<Task>> post)
    {
        Context = context;
        _readDefinition = readDefinition;
        _read = read;
        _change = change;
        _post = post;
    }

    public SupervisionContext Context { get; }

    public TimeProvider Time => Context.Time;

    public ServiceRecord Record => _read();

    public string Name => Record.Name;

    /// <exception cref="InvalidOperationException">The state may not follow the present one: a fault of ours.</exception>
    public void Change(Func<ServiceRecord, ServiceRecord> change) => _change(change(Record));

    /// <summary>Has something done when its turn comes.</summary>
    public void Post(Func<Task> work) => _post(work);

    /// <exception cref="ServiceCtlException">The configuration is gone or wrong.</exception>
    public Task<ServiceDefinition> ReadDefinitionAsync(CancellationToken cancellation) => _readDefinition(cancellation);

    public void Tell(ServiceEventKind kind, string message, ExitReport? exit = null, ErrorReport? error = null) => Context.Tell(Name, kind, message, exit, error);

    /// <summary>Tells what was done, which is also the answer to who ordered it.</summary>
    public Outcome Done(ServiceEventKind kind, string message, IReadOnlyList<string> warnings)
    {
        Tell(kind, message);
        return new Outcome(OperationOutcome.Done, message, warnings);
    }

    /// <summary>The sentence about a service that serves.</summary>
    public string Describe(string verb) =>
        $"{Name} was {verb} (pid {Record.Pid}, {Record.Listen ?? "no address"}, log {Context.OutputFileOf(Name)}).";
}
