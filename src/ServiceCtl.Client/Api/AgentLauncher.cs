using System.IO.Pipes;
using System.Runtime.Versioning;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Client.Api;

/// <summary>Finds the user's agent, or starts it. Of two clients that start one at the same time, one does and the other uses it.</summary>
[SupportedOSPlatform("linux")]
public sealed class AgentLauncher
{
    /// <summary>What the agent says into its starter's pipe once a second, while it takes on what an earlier one left running.</summary>
    public const string StillStarting = "starting";

    public const string Ready = "ready";

    /// <summary>
    /// A start takes a quarter of a second; with thousands of services to take on, on a machine that is booting, much longer.
    /// </summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>Whoever says nothing for so long is not starting any more.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>What an agent may need of its starter's environment. Everything else would leak one session into all services.</summary>
    private static readonly string[] Inherited =
        [
            "PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LC_ALL", "TZ", "TMPDIR", "XDG_RUNTIME_DIR", "XDG_STATE_HOME",
            "DOTNET_ROOT", "SERVICECTL_EVENTS_SIZE",
        ];

    private readonly AgentPaths _paths;
    private readonly string _executable;

    public AgentLauncher(AgentPaths paths, string executable)
    {
        _paths = paths;
        _executable = executable;
    }

    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.AgentUnreachable"/>, with what the agent said when it refused to
    /// start.</exception>
    public async Task EnsureAsync(SocketRoute route, CancellationToken cancellation)
    {
        if (await route.IsListeningAsync(cancellation))
            return;

        _paths.Ensure();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Limit);
        try
        {
            using var turn = await LockFile.AcquireAsync(_paths.LaunchLock, limit.Token);
            while (!await route.IsListeningAsync(limit.Token))
            {
                // One that holds the lock and does not answer is still starting, for a client that did not wait, or ending.
                if (IsAlive())
                    await Task.Delay(PollInterval, limit.Token);
                else
                    await LaunchAsync(limit.Token);
            }
        }
        catch (OperationCanceledException error) when (!cancellation.IsCancellationRequested)
        {
            throw NotStarted($"it was not ready after {Limit.TotalSeconds:0} s", error);
        }
    }

    private bool IsAlive()
    {
        using var free = LockFile.TryAcquire(_paths.AgentLock);
        return free is null;
    }

    private async Task LaunchAsync(CancellationToken cancellation)
    {
        // The agent says into this pipe that it is ready, or why it can't be. Its end without a word means that it died.
        await using var pipe = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.None);
        using (var log = UserFiles.OpenAppend(user: null, _paths.AgentLog))
        {
            Spawner.SpawnDetached(new ProcessSpec
            {
                FileName = _executable,
                Arguments = ["agent", "run", "--ready-descriptor", "3"],
                Environment = Environment(),
                WorkingDirectory = "/",
                StandardOutput = log,
                StandardError = log,
                PassedDescriptors = [pipe.ClientSafePipeHandle],
            });
        }

        pipe.DisposeLocalCopyOfClientHandle();
        using var reader = new StreamReader(pipe);
        var word = await ReceiveAsync(reader, cancellation);
        if (word != Ready)
            throw NotStarted(word?.TrimEnd('.') ?? Unsaid(), null);
    }

    /// <summary>One that can't have its threads may not even be able to say so.</summary>
    private static string Unsaid() => ThreadHeadroom.IsLimited
        ? "it ended before it was ready, perhaps for want of threads, which are limited here (ulimit -u, pids.max)"
        : "it ended before it was ready";

    private static async Task<string?> ReceiveAsync(StreamReader agent, CancellationToken cancellation)
    {
        while (true)
        {
            using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            silence.CancelAfter(Silence);
            try
            {
                var word = await agent.ReadLineAsync(silence.Token);
                if (word != StillStarting)
                    return word;
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                return $"it has said nothing for {Silence.TotalSeconds:0} s";
            }
        }
    }

    private Dictionary<string, string> Environment()
    {
        var environment = new Dictionary<string, string>();
        foreach (var name in Inherited)
        {
            if (System.Environment.GetEnvironmentVariable(name) is { } value)
                environment[name] = value;
        }

        if (_paths.IsChosen)
            environment["SERVICECTL_HOME"] = _paths.Home;
        return environment;
    }

    private ServiceCtlException NotStarted(string reason, Exception? inner) => new(
        ErrorCode.AgentUnreachable, _paths.Socket, $"The agent can't be started: {reason}.",
        $"Its own words, if any, are in {_paths.AgentLog}.", inner);
}
