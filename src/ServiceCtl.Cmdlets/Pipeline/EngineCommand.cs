using System.Management.Automation;
using ServiceCtl.Cmdlets.Loading;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets.Pipeline;

/// <summary>What all cmdlets share: the engine works asynchronously, off the pipeline thread, and Ctrl+C ends the cmdlet at once.</summary>
public abstract class EngineCommand : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly EngineConnection _connection = new();

    /// <summary>
    /// The folder of the PowerShell that we run in, its <c>$PSHOME</c>. Its process says less: that of a .NET tool is <c>dotnet</c>.
    /// </summary>
    private protected static string PowerShellHome => Path.GetDirectoryName(typeof(PSObject).Assembly.Location)!;

    private protected EngineCommand()
    {
    }

    /// <summary>Does the work while this thread writes what comes of it. Blocks until it is done: ProcessRecord can't be awaited.</summary>
    /// <exception cref="PipelineStoppedException">Ctrl+C. The work is asked to stop, and not waited for.</exception>
    private protected void Run(Func<EngineCall, Task> work)
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        var call = new EngineCall(_connection, cancellation.Token);
        call.Begin(() => work(call));
        try
        {
            call.Pump(this, _stop.Token);
        }
        catch (OperationCanceledException error) when (_stop.IsCancellationRequested)
        {
            throw new PipelineStoppedException(error.Message, error);
        }
        finally
        {
            // Writing throws when nobody downstream wants more (Select-Object -First) or an error is to end the command: the work ends too.
            cancellation.Cancel();
        }
    }

    /// <summary>The paths that a pattern chooses. One that is not there becomes an error.</summary>
    private protected IEnumerable<string> Resolve(string path)
    {
        try
        {
            return GetResolvedProviderPathFromPSPath(path, out _);
        }
        catch (ItemNotFoundException error)
        {
            WriteError(error.ErrorRecord);
            return [];
        }
    }

    protected override void BeginProcessing() => LinuxOnly.Require(this);

    /// <summary>Ends the cmdlet: it would act on this host, which can't have services.</summary>
    private protected void RefuseLocal() => ThrowTerminatingError(ErrorRecords.Create(LocalHost.Unsupported()));

    protected override void StopProcessing() => _stop.Cancel();

    public void Dispose()
    {
        _connection.Dispose();
        _stop.Dispose();
        GC.SuppressFinalize(this);
    }
}
