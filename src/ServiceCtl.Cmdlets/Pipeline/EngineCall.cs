using System.Collections.Concurrent;
using System.Management.Automation;
using System.Threading.Channels;
using ServiceCtl.Client;
using ServiceCtl.Cmdlets.Loading;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets.Pipeline;

/// <summary>
/// What a cmdlet's work has at hand while it runs off the pipeline thread: the engine, and a way to write.
/// PowerShell allows writing on the pipeline thread only, so that everything written here is queued and written there, in order.
/// </summary>
internal sealed class EngineCall
{
    private readonly EngineConnection _connection;
    private readonly BlockingCollection<Action<Cmdlet>> _queue;

    /// <summary>Objects of a stream that wait for the pipeline: where it is slow, the stream waits and the memory does not grow.</summary>
    private readonly Channel<bool> _waiting;

    private readonly PyServiceHost? _host;
    private readonly EngineCall _whole;
    private readonly bool _showsHost;

    /// <summary>The progress that is on the screen, of the whole call. Touched on the pipeline thread only.</summary>
    private ProgressRecord? _shown;

    public EngineCall(EngineConnection connection, CancellationToken cancellation)
    {
        _connection = connection;
        Cancellation = cancellation;
        _queue = [];
        _waiting = Channel.CreateBounded<bool>(1000);
        _whole = this;
    }

    private EngineCall(EngineCall whole, PyServiceHost host, bool showsHost)
    {
        (_connection, Cancellation, _queue, _waiting) = (whole._connection, whole.Cancellation, whole._queue, whole._waiting);
        (_whole, _host, _showsHost) = (whole, host, showsHost);
    }

    /// <summary>Null for this host.</summary>
    public string? HostName => _host?.HostName;

    /// <summary>The same, with how it is reached.</summary>
    public PyServiceHost? Host => _host;

    /// <summary>The verbs, on the host that this call is about.</summary>
    public ServiceCtlClient Client => _connection.ClientOf(_host);

    /// <summary>Ctrl+C, or nobody downstream wants more.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>The same call on another host.</summary>
    /// <param name="host">Which.</param>
    /// <param name="showsHost">What is written is shown with its host, as there are several.</param>
    public EngineCall At(PyServiceHost host, bool showsHost) => new(_whole, host, showsHost);

    /// <summary>Does something on a host. What another host fails by is an error of its own, and ends nothing else.</summary>
    /// <param name="host">Null for this host.</param>
    /// <param name="showsHost">What is written is shown with its host, as there are several.</param>
    /// <param name="work">What to do.</param>
    /// <returns>False where it failed.</returns>
    public async Task<bool> TryAtAsync(PyServiceHost? host, bool showsHost, Func<EngineCall, Task> work)
    {
        if (host is null)
        {
            await work(this);
            return true;
        }

        var at = At(host, showsHost);
        try
        {
            await work(at);
            return true;
        }
        catch (ServiceCtlException error)
        {
            at.WriteError(error.Report, error.Target);
            return false;
        }
    }

    /// <summary>
    /// Does something with a service. What it fails by is an error of its own, except where agent or host can't be reached: every other
    /// service there would fail by the same.
    /// </summary>
    public async Task TryOnAsync(string service, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (ServiceCtlException error) when (error.Code is not (ErrorCode.AgentUnreachable or ErrorCode.HostUnreachable))
        {
            WriteError(error.Report, service);
        }
    }

    public void WriteObject(object value) => WriteObject(value, _showsHost);

    /// <param name="value">What to write.</param>
    /// <param name="showsHost">It is shown with its host, as there are several.</param>
    public void WriteObject(object value, bool showsHost) => _queue.Add(cmdlet => cmdlet.WriteObject(Shown(value, showsHost)));

    /// <summary>For streams, which may bring objects faster than the pipeline takes them.</summary>
    public async Task WriteObjectAsync(object value)
    {
        await _waiting.Writer.WriteAsync(true, Cancellation);
        _queue.Add(cmdlet =>
        {
            _waiting.Reader.TryRead(out _);
            cmdlet.WriteObject(Shown(value, _showsHost));
        });
    }

    /// <summary>An error that does not say its host is of the one that this call is about.</summary>
    public void WriteError(ErrorReport report, object? target)
    {
        var stamped = report.HostName is null && HostName is { } host ? report with { HostName = host } : report;
        _queue.Add(cmdlet =>
        {
            // The error may end the command (-ErrorAction Stop), and nothing can be written after that.
            RemoveProgress(cmdlet);
            cmdlet.WriteError(ErrorRecords.Create(stamped, target));
        });
    }

    public void WriteWarning(string text) => _queue.Add(cmdlet => cmdlet.WriteWarning(VisibleText.Of(CmdletWording.Of(text))));

    public void WriteVerbose(string text) => _queue.Add(cmdlet => cmdlet.WriteVerbose(VisibleText.Of(CmdletWording.Of(text))));

    public void WriteProgress(ProgressRecord progress) => _queue.Add(cmdlet =>
    {
        _whole._shown = progress;
        cmdlet.WriteProgress(progress);
    });

    /// <summary>Begins the work on the thread pool. Whatever it throws comes out of <see cref="Pump"/>.</summary>
    public void Begin(Func<Task> work) => _ = Task.Run(async () =>
    {
        try
        {
            await work();
        }
        catch (Exception error)
        {
            _queue.Add(cmdlet =>
            {
                RemoveProgress(cmdlet);
                cmdlet.ThrowTerminatingError(ErrorRecords.Create(error));
            });
        }
        finally
        {
            _queue.CompleteAdding();
        }
    });

    /// <summary>Writes on this thread, the pipeline's, what the work queues, until it has ended or <paramref name="stop"/> comes.</summary>
    /// <exception cref="OperationCanceledException">The work goes on, but nobody waits for it any more.</exception>
    public void Pump(Cmdlet cmdlet, CancellationToken stop)
    {
        try
        {
            foreach (var write in _queue.GetConsumingEnumerable(stop))
                write(cmdlet);
        }
        finally
        {
            RemoveProgress(cmdlet);
        }
    }

    /// <summary>By another type name, for which the views have a column more.</summary>
    private static object Shown(object value, bool showsHost)
    {
        if (!showsHost)
            return value;
        var shown = PSObject.AsPSObject(value);
        shown.TypeNames.Insert(0, $"{shown.BaseObject.GetType().FullName}#Hosts");
        return shown;
    }

    private void RemoveProgress(Cmdlet cmdlet)
    {
        if (_whole._shown is null)
            return;

        _whole._shown.RecordType = ProgressRecordType.Completed;
        try
        {
            cmdlet.WriteProgress(_whole._shown);
        }
        catch (PipelineStoppedException)
        {
            // The host clears the progress of a pipeline that was stopped.
        }

        _whole._shown = null;
    }
}
