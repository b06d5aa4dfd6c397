using System.IO.Pipes;
using System.Runtime.InteropServices;
using System.Text.Json;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Processes.Scopes;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Alerts;

/// <summary>
/// The process that sends alerts: the agent's own program with the least that it needs. It gains no privileges; root's has no capability
/// either, and can change nothing but its own folder in the places where systems and users keep their things. Mail takes more.
/// </summary>
internal sealed class AlertProcess(AgentPaths paths, ExitWatcher watcher, Action<string> report)
{
    /// <summary>How many seconds the receivers of a trial have, and what comes around them.</summary>
    private static readonly TimeSpan TrialLimit = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    private static readonly string[] Closed = ["/etc", "/usr", "/boot", "/home", "/root", "/srv", "/opt", "/var"];

    private readonly Lock _gate = new();
    private ChildProcess? _confined;
    private bool _sendsMail;
    private bool _isReplaced;
    private bool _isReported;

    /// <summary>
    /// May it have all rights of its user where it can't be confined? A container may have neither the rights nor the program for that,
    /// and is a sandbox itself.
    /// </summary>
    public bool MayBeOpen { get; init; }

    /// <summary>
    /// Does somebody hear by mail? sendmail is a program that gains rights, to put mail into its queue; a process that runs already can't
    /// give it any, and ends.
    /// </summary>
    public bool SendsMail
    {
        get
        {
            lock (_gate)
                return _sendsMail;
        }

        set
        {
            lock (_gate)
            {
                _sendsMail = value;
                EndConfined();
            }
        }
    }

    /// <summary>Runs one to its end.</summary>
    /// <returns>How it ended, in words; null where it had nothing left to do, or another one is to go on.</returns>
    public async Task<string?> RunAsync(CancellationToken end)
    {
        try
        {
            var sendsMail = SendsMail;
            using var process = Launch(["agent", "alerts"], sendsMail);
            Keep(sendsMail ? null : process);
            try
            {
                var exit = await process.Exited.WaitAsync(end);
                return Keep(null) || exit.Code == 0 ? null : $"ended ({exit})";
            }
            catch (OperationCanceledException) when (end.IsCancellationRequested)
            {
                Keep(null);
                await StopAsync(process);
                return "was ended";
            }
        }
        catch (Exception error) when (error is ServiceCtlException or IOException or UnauthorizedAccessException)
        {
            return $"can't be started: {error.Message}";
        }
    }

    /// <summary>Has one send a trial, and reads what came of it.</summary>
    /// <exception cref="ServiceCtlException">It can't be done.</exception>
    public async Task<IReadOnlyList<PyServiceAlertTest>> TestAsync(IReadOnlyList<string> services, CancellationToken cancellation)
    {
        await using var pipe = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.None);
        using var process = Launch(
            ["agent", "alerts", "--try-descriptor", "3", "--", .. services], SendsMail, pipe.ClientSafePipeHandle);
        pipe.DisposeLocalCopyOfClientHandle();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(TrialLimit);
        try
        {
            return await JsonSerializer.DeserializeAsync(pipe, AlertJson.Default.IReadOnlyListPyServiceAlertTest, limit.Token) ?? [];
        }
        catch (Exception error) when (error is JsonException or IOException
            || (error is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            Report($"A trial of alerts failed: {error.Message}");
            throw new ServiceCtlException(ErrorCode.Internal, null, "The alert sender ended without reporting a result.",
                $"Its own words, if any, are in {paths.AgentLog}.", error);
        }
        finally
        {
            await StopAsync(process);
        }
    }

    /// <summary>Says in the agent's log what went wrong.</summary>
    public void Report(string trouble) => report(trouble);

    private static async Task StopAsync(ChildProcess process)
    {
        process.Signal(Signals.Terminate);
        if (await Task.WhenAny(process.Exited, Task.Delay(Grace, CancellationToken.None)) != process.Exited)
            process.Signal(Signals.Kill);
        await process.Exited;
    }

    /// <summary>Notes which process runs without the rights that mail takes.</summary>
    /// <returns>Whether the one before was ended for that.</returns>
    private bool Keep(ChildProcess? confined)
    {
        lock (_gate)
        {
            var wasReplaced = _isReplaced;
            (_confined, _isReplaced) = (confined, false);
            EndConfined();
            return wasReplaced;
        }
    }

    /// <summary>Called under the lock.</summary>
    private void EndConfined()
    {
        if (!_sendsMail || _isReplaced || _confined is null)
            return;
        _isReplaced = true;
        _confined.Signal(Signals.Terminate);
    }

    private ChildProcess Launch(string[] arguments, bool sendsMail, params SafeHandle[] passed)
    {
        Directory.CreateDirectory(paths.Alerts, FileModes.PrivateFolder);
        var environment = new Dictionary<string, string>(SourceRequest.OwnEnvironment());
        if (paths.IsChosen)
            environment["SERVICECTL_HOME"] = paths.Home;
        using var output = UserFiles.OpenAppend(user: null, paths.AgentLog);
        var spec = new ProcessSpec
        {
            FileName = Environment.ProcessPath!,
            Arguments = arguments,
            Environment = environment,
            WorkingDirectory = "/",
            StandardError = output,
            PassedDescriptors = passed,
        };
        if (sendsMail)
            return Spawner.Spawn(spec, watcher);
        try
        {
            return Spawner.Spawn(Confine(spec), watcher);
        }
        catch (ServiceCtlException error) when (MayBeOpen)
        {
            if (!_isReported)
                Report($"Alerts are sent by a process with all rights of its user: {error.Message}");
            _isReported = true;
            return Spawner.Spawn(spec, watcher);
        }
    }

    private ProcessSpec Confine(ProcessSpec spec) => Launcher.AsUser(spec, "alerts", user: null, Environment.IsPrivilegedProcess
        ? new ScopeSandbox { NoNewPrivileges = true, Capabilities = [], ReadOnly = Closed, Writable = [paths.Alerts] }
        : new ScopeSandbox { NoNewPrivileges = true });
}
