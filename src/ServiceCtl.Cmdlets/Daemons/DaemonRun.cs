using System.Management.Automation;
using System.Runtime.ExceptionServices;
using System.Runtime.Versioning;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Daemons;

namespace ServiceCtl.Cmdlets;

/// <summary>
/// One run of a script block as a daemon. It runs on the pipeline thread, in the session of its caller, but in a pipeline of its own: the
/// aggressive mode stops that one, whatever it is doing, and the caller's goes on.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class DaemonRun
{
    private readonly InvokeDaemonCommand _command;
    private volatile PowerShell? _work;
    private volatile bool _isStopped;
    private ExceptionDispatchInfo? _refusal;

    public DaemonRun(InvokeDaemonCommand command)
    {
        _command = command;
    }

    public void Work()
    {
        SimpleDaemon daemon;
        try
        {
            daemon = SimpleDaemon.Start(_command.Name, Options());
        }
        catch (ServiceCtlException error)
        {
            _command.ThrowTerminatingError(ErrorRecords.Create(error));
            return;
        }

        using (daemon)
        using (var work = PowerShell.Create(RunspaceMode.CurrentRunspace))
        {
            _work = work;
            var isAggressive = _command.InterruptMode == DaemonInterruptMode.Aggressive;
            using var interruption = daemon.Interruption.Register(() =>
            {
                if (isAggressive)
                    work.BeginStop(null, null);
            });
            try
            {
                Invoke(work, daemon);
            }
            catch (Exception error) when (!_isStopped && _refusal is null && isAggressive && daemon.Interruption.IsCancellationRequested
                && IsExit(error))
            {
                // Broken off, as it was asked.
            }
        }
    }

    public void Stop()
    {
        _isStopped = true;
        _work?.BeginStop(null, null);
    }

    private void Invoke(PowerShell work, SimpleDaemon daemon)
    {
        using var output = new PSDataCollection<PSObject>();
        output.DataAdded += (_, _) =>
        {
            foreach (var item in output.ReadAll())
                PassOn(() => _command.WriteObject(item));
        };
        work.Streams.Error.DataAdded += (_, _) =>
        {
            foreach (var error in work.Streams.Error.ReadAll())
                PassOn(() => _command.WriteError(error));
        };
        work.AddScript("param($work, $daemon) & $work $daemon").AddArgument(_command.ScriptBlock).AddArgument(daemon);
        try
        {
            work.Invoke(null, output, new PSInvocationSettings { Host = _command.Host });
        }
        catch (RuntimeException error) when (_refusal is not null || (error.ErrorRecord is not null && !IsExit(error)))
        {
            if (_refusal is null)
                _command.ThrowTerminatingError(error.ErrorRecord);
        }

        _refusal?.Throw();
    }

    /// <summary>
    /// Writing throws when nobody downstream wants more (Select-Object -First), or an error is to end the command. It is thrown in the
    /// middle of the work's own pipeline, which is not the one to end by it: that one is stopped, and ours ends afterwards.
    /// </summary>
    private void PassOn(Action write)
    {
        if (_refusal is not null)
            return;
        try
        {
            write();
        }
        catch (Exception error)
        {
            _refusal = ExceptionDispatchInfo.Capture(error);
            _work?.BeginStop(null, null);
        }
    }

    private static bool IsExit(Exception error) =>
        error is PipelineStoppedException || error.GetBaseException() is SimpleDaemonExitException;

    private SimpleDaemonOptions Options()
    {
        var options = new SimpleDaemonOptions
        {
            InterruptMode = _command.InterruptMode,
            LogLevel = _command.LogLevel,
            LogPath = _command.GetUnresolvedProviderPathFromPSPath(_command.LogPath),
            LogName = _command.LogName,
            Stream = _command.Stream,
            Syslog = _command.Syslog,
            SyslogFormat = _command.SyslogFormat,
            SyslogSocket = _command.GetUnresolvedProviderPathFromPSPath(_command.SyslogSocket),
            MaxLogSize = _command.MaxLogSize,
            MaxLogFiles = _command.MaxLogFiles,
            // PowerShell stops the pipeline at SIGINT; here the daemon decides.
            OwnsSignals = true,
        };
        return _command.LogFormat is { } format ? options with { LogFormat = format } : options;
    }
}
