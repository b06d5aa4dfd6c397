using System.Collections;
using System.IO.Pipes;
using System.Text.Json;
using Serilog;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Events;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Processes.Scopes;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Agent;

/// <summary>
/// The process that sends alerts: the agent's own program with the least that it needs. It gains no privileges; root's has no capability
/// either, and can change nothing but its own folder in the places where systems and users keep their things. Mail takes more.
/// </summary>
internal sealed class AlertProcess(AgentPaths paths, ExitWatcher watcher, ILogger log)
{
    /// <summary>How many seconds the receivers of a trial have, and what comes around them.</summary>
    private static readonly TimeSpan TrialLimit = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    private static readonly string[] Closed = ["/etc", "/usr", "/boot", "/home", "/root", "/srv", "/opt", "/var"];

    /// <summary>Does somebody hear by mail? sendmail is a program that gains rights, to put mail into its queue.</summary>
    public bool SendsMail { get; set; }

    /// <summary>Runs one to its end.</summary>
    /// <returns>How it ended, in words; null where it had nothing left to do.</returns>
    public async Task<string?> RunAsync(CancellationToken end)
    {
        try
        {
            using var output = File.OpenHandle(paths.AgentLog, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
            using var process = Spawner.Spawn(Wrap(Spec(["agent", "alerts"]) with { StandardError = output }), watcher);
            try
            {
                var exit = await process.Exited.WaitAsync(end);
                return exit.Code == 0 ? null : $"ended ({exit})";
            }
            catch (OperationCanceledException) when (end.IsCancellationRequested)
            {
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
        using var process = Spawner.Spawn(
            Wrap(Spec(["agent", "alerts", "--try-descriptor", "3", "--", .. services]) with
            {
                PassedDescriptors = [pipe.ClientSafePipeHandle],
            }), watcher);
        pipe.DisposeLocalCopyOfClientHandle();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(TrialLimit);
        try
        {
            return await JsonSerializer.DeserializeAsync(pipe, EventJson.Default.IReadOnlyListPyServiceAlertTest, limit.Token) ?? [];
        }
        catch (Exception error) when (error is JsonException or IOException
            || (error is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            Report($"A trial of alerts failed: {error.Message}");
            throw new ServiceCtlException(ErrorCode.Internal, null, "The process that sends alerts has not said what came of it.",
                $"Its own words, if any, are in {paths.AgentLog}.", error);
        }
        finally
        {
            await StopAsync(process);
        }
    }

    /// <summary>Says in the agent's log what went wrong.</summary>
    public void Report(string trouble) => log.Warning("{Trouble}", trouble);

    private static async Task StopAsync(ChildProcess process)
    {
        process.Signal(Signals.Terminate);
        if (await Task.WhenAny(process.Exited, Task.Delay(Grace, CancellationToken.None)) != process.Exited)
            process.Signal(Signals.Kill);
        await process.Exited;
    }

    private ProcessSpec Spec(string[] arguments)
    {
        var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "");
        if (paths.IsChosen)
            environment["SERVICECTL_HOME"] = paths.Home;
        return new ProcessSpec
        {
            FileName = Environment.ProcessPath!,
            Arguments = arguments,
            Environment = environment,
            WorkingDirectory = "/",
        };
    }

    private ProcessSpec Wrap(ProcessSpec spec)
    {
        Directory.CreateDirectory(paths.Alerts, FileModes.PrivateFolder);
        if (SendsMail)
            return spec;
        var sandbox = Environment.IsPrivilegedProcess
            ? new ScopeSandbox { NoNewPrivileges = true, Capabilities = [], ReadOnly = Closed, Writable = [paths.Alerts] }
            : new ScopeSandbox { NoNewPrivileges = true };
        return Launcher.AsUser(spec, "alerts", user: null, sandbox);
    }
}
