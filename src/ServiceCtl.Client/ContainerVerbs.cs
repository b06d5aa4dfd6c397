using System.Runtime.Versioning;
using ServiceCtl.Client.Api;
using ServiceCtl.Client.Hosts;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Images;
using ServiceCtl.Engine.Processes.Scopes;

namespace ServiceCtl.Client;

/// <summary>The containers of this agent's services, those that have ended, too. They ask the engine and no agent.</summary>
public sealed class ContainerVerbs
{
    private readonly AgentConnection _agent;

    internal ContainerVerbs(AgentConnection agent) => _agent = agent;

    [SupportedOSPlatform("linux")]
    private string Home => ScopeMarker.HomeOf(_agent.Paths.Home);

    /// <param name="names">Names or patterns of services, names of containers, or beginnings of their ids; none for all.</param>
    /// <param name="engine">Which has them; null for what is here.</param>
    /// <param name="isDetailed">Say everything that the engine knows.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.RunnerMissing"/>; <see cref="ErrorCode.System"/>.</exception>
    public async Task<IReadOnlyList<PyServiceContainer>> GetAsync(
        IReadOnlyList<string> names, string? engine, bool isDetailed, CancellationToken cancellation)
    {
        if (_agent.Host is { } host)
        {
            var reply = await HostCommand.AskAsync(host,
                ["containers", "--json", .. HostCommand.Flag("--detailed", isDetailed), .. HostCommand.Value("--engine", engine), "--",
                    .. names],
                AgentJson.Default.IReadOnlyListPyServiceContainer, cancellation);
            return reply.Whole;
        }

        if (!LocalHost.HasServices)
            throw LocalHost.Unsupported();
        var all = await ServiceContainers.ListAsync(ContainerTools.Find(engine), Home, isDetailed, cancellation);
        return names.Count == 0 ? all : [.. all.Where(one => Is(one, names))];
    }

    /// <summary>Removes a container of a service, with its unnamed volumes.</summary>
    /// <param name="id">Of the container, or its name.</param>
    /// <param name="engine">Which has it; null for what is here.</param>
    /// <param name="force">Also one that runs: its service takes that for a failure, and starts again.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidArgument"/>: no container of a service is called that;
    /// <see cref="ErrorCode.InvalidState"/>: it runs.</exception>
    public async Task RemoveAsync(string id, string? engine, bool force, CancellationToken cancellation)
    {
        if (_agent.Host is { } host)
        {
            _ = (await HostCommand.AskAsync(host,
                ["containers", "rm", "--json", .. HostCommand.Flag("--force", force), .. HostCommand.Value("--engine", engine), "--", id],
                AgentJson.Default.IReadOnlyListPyServiceContainer, cancellation)).Whole;
            return;
        }

        if (!LocalHost.HasServices)
            throw LocalHost.Unsupported();
        var tool = ContainerTools.Find(engine);
        var all = await ServiceContainers.ListAsync(tool, Home, isDetailed: false, cancellation);
        var found = all.Where(one => IsCalled(one, id)).ToList();
        if (found is not [var container])
        {
            throw new ServiceCtlException(ErrorCode.InvalidArgument, id,
                found.Count == 0 ? $"No container of a service is called '{VisibleText.Line(id)}'. Nothing was removed."
                    : $"'{VisibleText.Line(id)}' may mean {found.Count} containers. Nothing was removed.",
                "'servicectl containers' lists them; others than those of services are left alone.");
        }

        if (container.State is "running" or "paused" or "restarting" && !force)
        {
            throw new ServiceCtlException(ErrorCode.InvalidState, container.Name,
                $"{container.Name} is {container.State}. It was not removed.",
                $"Stop its service ('servicectl stop {container.Service}'), or end it with '--force'.");
        }

        await ServiceContainers.RemoveAsync(tool, container, cancellation);
    }

    private static bool Is(PyServiceContainer container, IReadOnlyList<string> names) =>
        ServiceSelection.Chooses(names, container.Service) || names.Any(name => IsCalled(container, name));

    private static bool IsCalled(PyServiceContainer container, string name) => container.Name == name
        || (name.Length >= 4 && container.Id.StartsWith(name, StringComparison.Ordinal));
}
