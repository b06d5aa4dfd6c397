using ServiceCtl.Client.Api;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Files;

namespace ServiceCtl.Client;

/// <summary>The agent itself: found, started, ended.</summary>
public sealed class AgentVerbs
{
    private readonly AgentConnection _agent;

    internal AgentVerbs(AgentConnection agent)
    {
        _agent = agent;
    }

    /// <summary>The running agent; null when there is none. Starts nothing.</summary>
    public Task<AgentInfo?> FindAsync(CancellationToken cancellation) => _agent.Api.TryGetInfoAsync(cancellation);

    public Task<AgentInfo> StartAsync(CancellationToken cancellation) => _agent.AskAsync(api => api.GetInfoAsync(cancellation), cancellation);

    /// <summary>Ends the agent.</summary>
    /// <param name="running">What becomes of running services.</param>
    /// <param name="cancellation">Gives up waiting; the agent ends all the same.</param>
    /// <returns>False when there was none.</returns>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.AgentBusy"/>: services run, and nothing is said of them.</exception>
    public async Task<bool> StopAsync(RunningServices running, CancellationToken cancellation)
    {
        if (await _agent.Api.TryGetInfoAsync(cancellation) is null)
            return false;

        await _agent.Api.StopAgentAsync(running, cancellation);
        using var gone = await LockFile.AcquireAsync(_agent.Paths.AgentLock, cancellation);
        return true;
    }
}
