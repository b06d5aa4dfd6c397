using ServiceCtl.Contracts;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Client.Api;

/// <summary>The way to the user's agent, which is started where a verb needs one and there is none.</summary>
internal sealed class AgentConnection : IDisposable
{
    private readonly AgentLauncher _launcher;

    public AgentConnection(AgentPaths paths, string executable)
    {
        Paths = paths;
        Executable = executable;
        Api = new AgentClient(paths.Socket);
        _launcher = new AgentLauncher(paths, executable);
    }

    public AgentPaths Paths { get; }

    /// <summary>Absolute path of <c>servicectl</c>.</summary>
    public string Executable { get; }

    /// <summary>Speaks to an agent that runs; starts none.</summary>
    public AgentClient Api { get; }

    /// <summary>The same, after an agent was found or started.</summary>
    public async Task<AgentClient> OpenAsync(CancellationToken cancellation)
    {
        await _launcher.EnsureAsync(Api, cancellation);
        return Api;
    }

    /// <summary>Asks the agent. A question changes nothing: if it was an agent's last one, the next agent is asked.</summary>
    public async Task<T> AskAsync<T>(Func<AgentClient, Task<T>> question, CancellationToken cancellation)
    {
        await _launcher.EnsureAsync(Api, cancellation);
        try
        {
            return await question(Api);
        }
        catch (ServiceCtlException error) when (error.Code == ErrorCode.AgentUnreachable)
        {
            await _launcher.EnsureAsync(Api, cancellation);
            return await question(Api);
        }
    }

    public void Dispose() => Api.Dispose();
}
