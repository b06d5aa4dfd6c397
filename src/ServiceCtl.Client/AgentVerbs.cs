using System.Runtime.Versioning;
using System.Text;
using System.Text.Json;
using ServiceCtl.Client.Api;
using ServiceCtl.Client.Hosts;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Units;

namespace ServiceCtl.Client;

/// <summary>The agent itself: found, started, ended.</summary>
public sealed class AgentVerbs
{
    private static readonly TimeSpan UnitLimit = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    private readonly AgentConnection _agent;

    internal AgentVerbs(AgentConnection agent)
    {
        _agent = agent;
    }

    /// <summary>The running agent; null when there is none. Starts nothing.</summary>
    // A channel to another host would start one.
    public Task<AgentInfo?> FindAsync(CancellationToken cancellation) =>
        _agent.Host is { } host ? OrderAsync(host, ["status"], cancellation) : _agent.Api.TryGetInfoAsync(cancellation);

    public Task<AgentInfo> StartAsync(CancellationToken cancellation) =>
        _agent.AskAsync(api => api.GetInfoAsync(cancellation), cancellation);

    /// <summary>Ends the agent.</summary>
    /// <param name="running">What becomes of running services.</param>
    /// <param name="cancellation">Gives up waiting; the agent ends all the same.</param>
    /// <returns>The agent, as it was; null when there was none.</returns>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.AgentBusy"/>: services run, and nothing is said of them.</exception>
    public async Task<AgentInfo?> StopAsync(RunningServices running, CancellationToken cancellation)
    {
        if (_agent.Host is { } host)
        {
            return await OrderAsync(host, ["stop", .. HostCommand.Flag("--force", running == RunningServices.Stop),
                .. HostCommand.Flag("--keep-services", running == RunningServices.Keep)], cancellation);
        }

        return LocalHost.HasServices ? await StopHereAsync(running, cancellation) : throw LocalHost.Unsupported();
    }

    [SupportedOSPlatform("linux")]
    private async Task<AgentInfo?> StopHereAsync(RunningServices running, CancellationToken cancellation)
    {
        if (await FindAsync(cancellation) is not { } agent)
            return null;

        await _agent.Api.StopAgentAsync(running, cancellation);
        using var gone = await LockFile.AcquireAsync(_agent.Paths.AgentLock, cancellation);
        return agent;
    }

    /// <summary>Replaces the agent by one of this version. Services keep running, and the new agent takes them over.</summary>
    /// <returns>The new agent; null when none was running.</returns>
    public async Task<AgentInfo?> RestartAsync(CancellationToken cancellation)
    {
        if (_agent.Host is { } host)
            return await OrderAsync(host, ["restart"], cancellation);
        return LocalHost.HasServices ? await RestartHereAsync(cancellation) : throw LocalHost.Unsupported();
    }

    [SupportedOSPlatform("linux")]
    private async Task<AgentInfo?> RestartHereAsync(CancellationToken cancellation)
    {
        if (await FindAsync(cancellation) is not { } old)
            return null;
        var isOfUnit = CgroupsOf(old.Pid).TrimEnd('\n').EndsWith($"/{SystemdUnits.AgentName}.service", StringComparison.Ordinal);
        await StopAsync(RunningServices.Keep, cancellation);
        // systemd starts its unit again by itself, and two agents would get in each other's way.
        for (var waited = TimeSpan.Zero; isOfUnit && waited < UnitLimit
            && !await _agent.IsListeningAsync(cancellation); waited += PollInterval)
            await Task.Delay(PollInterval, cancellation);
        return await StartAsync(cancellation);
    }

    /// <summary>
    /// Joins two streams with this user's agent, which is started where there is none: the far end of a client's channel. Says that it is
    /// here before anything else, so that a host that hangs can be distinguished from a slow one.
    /// </summary>
    /// <returns>False where there is no agent to be had; the client knows why.</returns>
    [SupportedOSPlatform("linux")]
    public async Task<bool> DialAsync(Stream input, Stream output, CancellationToken cancellation)
    {
        await SayAsync($"{DialWords.Hello}{ServiceCtlClient.Version}");
        Stream agent;
        try
        {
            agent = await _agent.DialAsync(cancellation);
        }
        catch (ServiceCtlException error)
        {
            await SayAsync(DialWords.Failed + JsonSerializer.Serialize(error.Report, AgentJson.Default.ErrorReport));
            return false;
        }

        await using (agent)
        {
            await SayAsync(DialWords.Ready);
            // Who ends first has ended the conversation.
            await await Task.WhenAny(input.CopyToAsync(agent, cancellation), agent.CopyToAsync(output, cancellation));
        }

        return true;

        Task SayAsync(string line) => output.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"), cancellation).AsTask();
    }

    /// <returns>The agent of another host, as the order was about it; null when there is none.</returns>
    private static async Task<AgentInfo?> OrderAsync(PyServiceHost host, string[] words, CancellationToken cancellation)
    {
        var reply = await HostCommand.AskAsync(host, ["agent", .. words, "--json"], AgentJson.Default.AgentInfo, cancellation);
        return reply.HasNothing ? null : reply.Whole;
    }

    [SupportedOSPlatform("linux")]
    private static string CgroupsOf(int pid) => Encoding.UTF8.GetString(ProcFile.TryReadAll($"/proc/{pid}/cgroup") ?? []);
}
