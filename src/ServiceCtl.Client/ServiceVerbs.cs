using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using ServiceCtl.Client.Api;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Client;

/// <summary>Services that the agent knows: listed, registered, ordered to do something.</summary>
public sealed class ServiceVerbs
{
    private readonly AgentConnection _agent;
    private readonly CatalogVerbs _catalog;

    internal ServiceVerbs(AgentConnection agent, CatalogVerbs catalog)
    {
        _agent = agent;
        _catalog = catalog;
    }

    /// <summary>The services that the patterns select, ordered by name; all for no pattern.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ServiceNotFound"/> for a literal name that is not known.</exception>
    public Task<IReadOnlyList<PyService>> GetAsync(IReadOnlyList<string> patterns, CancellationToken cancellation) =>
        _agent.AskAsync(api => api.GetServicesAsync(patterns, cancellation), cancellation);

    /// <inheritdoc cref="GetAsync"/>
    public Task<IReadOnlyList<PyServiceStatus>> GetStatusAsync(IReadOnlyList<string> patterns, CancellationToken cancellation) =>
        _agent.AskAsync(api => api.GetStatusAsync(patterns, cancellation), cancellation);

    /// <summary>
    /// The same, as the agent prints it: a command that ends at once would take longer to understand the answer than to get it.
    /// </summary>
    /// <param name="patterns">Names, or patterns.</param>
    /// <param name="states">Only the services that are in one of these; none: all.</param>
    /// <param name="asJson">As JSON; otherwise as text for people, a page for one service, a table for several.</param>
    /// <param name="isColored">Colour the states, for a terminal.</param>
    /// <param name="output">Where it goes.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>How many of the services don't run.</returns>
    public Task<int> PrintStatusAsync(
        IReadOnlyList<string> patterns, IReadOnlyList<ServiceState> states, bool asJson, bool isColored, Stream output,
        CancellationToken cancellation) =>
        _agent.AskAsync(api => api.CopyStatusAsync(patterns, states, asJson, isColored, output, cancellation), cancellation);

    /// <summary>The status without the commits, for those who look again and again. Starts no agent.</summary>
    public Task<IReadOnlyList<PyServiceStatus>> GetFiguresAsync(IReadOnlyList<string> patterns, CancellationToken cancellation) =>
        _agent.Api.GetFiguresAsync(patterns, cancellation);

    /// <summary>
    /// Orders something of the services that the patterns select. Results come as services are done, failures among them.
    /// </summary>
    /// <param name="request">The order.</param>
    /// <param name="progress">Hears of steps.</param>
    /// <param name="cancellation">Withdraws the order.</param>
    /// <param name="opened">Hears what is said of each service before anything is done; of a commit only where one service is chosen, or
    /// keeps a file of it.</param>
    public async IAsyncEnumerable<OperationResult> OperateAsync(
        OperationRequest request, IProgress<OperationProgress>? progress, [EnumeratorCancellation] CancellationToken cancellation,
        Action<ServiceOpening>? opened = null)
    {
        var api = await _agent.OpenAsync(cancellation);
        await foreach (var happened in api.OperateAsync(request, cancellation))
        {
            if (happened.Opening is { } opening)
                opened?.Invoke(opening);
            if (happened.Progress is { } step)
                progress?.Report(step);
            if (happened.Result is { } result)
                yield return result;
        }
    }

    /// <summary>
    /// Has a release of a service serve, and the link lead to it. Nothing changes before the release has shown that it can; who fails says
    /// so in the result.
    /// </summary>
    /// <param name="request">The release, and what it has to show.</param>
    /// <param name="progress">Hears of steps.</param>
    /// <param name="cancellation">Withdraws the order, as long as the link was not moved.</param>
    /// <param name="opened">Hears of the commit before anything is done.</param>
    public async Task<OperationResult> SwitchReleaseAsync(
        ReleaseSwitchRequest request, IProgress<OperationProgress>? progress, CancellationToken cancellation,
        Action<ServiceOpening>? opened = null)
    {
        var api = await _agent.OpenAsync(cancellation);
        OperationResult? result = null;
        await foreach (var happened in api.SwitchReleaseAsync(request, cancellation))
        {
            if (happened.Opening is { } opening)
                opened?.Invoke(opening);
            if (happened.Progress is { } step)
                progress?.Report(step);
            result = happened.Result ?? result;
        }

        return result ?? throw new ServiceCtlException(
            ErrorCode.AgentUnreachable, request.Service, "The agent ended before the order was carried out.",
            "'servicectl status' shows which release serves; give the order again.");
    }

    /// <summary>Waits until a service is in a state.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.TimedOut"/>.</exception>
    public async Task<PyService> WaitAsync(string name, ServiceState state, TimeSpan limit, CancellationToken cancellation)
    {
        var api = await _agent.OpenAsync(cancellation);
        var waiting = api.WaitAsync(name, state, limit, cancellation);
        return await (_agent.HostName is null ? waiting : waiting.WaitAsync(limit + AgentConnection.AnswerLimit, cancellation));
    }

    /// <summary>Makes a service known; one that is known already is answered as it is.</summary>
    /// <param name="path">Its folder or its configuration file, relative to the current directory or absolute.</param>
    /// <param name="name">Null for the name its configuration or its folder gives.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <param name="atBoot">It is to be started at every boot; <see cref="UnitVerbs.EnsureAtBootAsync"/> has the agent started
    /// then.</param>
    /// <param name="sources">Where its configuration is searched; null: where its folder says.</param>
    public async Task<PyService> RegisterAsync(
        string path, string? name, CancellationToken cancellation, bool atBoot = false, IReadOnlyList<string>? sources = null)
    {
        var api = await _agent.OpenAsync(cancellation);
        return await api.RegisterAsync(
            new RegistrationRequest { Path = Resolve(path), Name = name, AtBoot = atBoot, Sources = sources ?? [] },
            cancellation);
    }

    /// <summary>
    /// Makes many services known, in this order, each by the name it gives itself. One that can't be doesn't stop the rest.
    /// </summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.AgentUnreachable"/>: then none of the rest can be, either.</exception>
    public async IAsyncEnumerable<RegistrationResult> RegisterAsync(IReadOnlyList<string> paths,
        [EnumeratorCancellation] CancellationToken cancellation, bool atBoot = false, IReadOnlyList<string>? sources = null)
    {
        var api = await _agent.OpenAsync(cancellation);
        foreach (var path in paths.Select(Resolve).ToArray())
            yield return await RegisterOneAsync(api, new RegistrationRequest { Path = path, AtBoot = atBoot, Sources = sources ?? [] },
                cancellation);
    }

    /// <summary>Says whether a service is started at boot. Until then, what runs goes on and what is stopped stays stopped.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ServiceNotFound"/>.</exception>
    public async Task<PyService> SetAtBootAsync(string name, BootStart start, CancellationToken cancellation)
    {
        var api = await _agent.OpenAsync(cancellation);
        return await api.SetAtBootAsync(name, start, cancellation);
    }

    /// <summary>Forgets a service; its files stay.</summary>
    /// <param name="name">The service.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <param name="force">Stop it first, should it run.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidState"/>: it runs; what was in the way of its stop.</exception>
    public async Task UnregisterAsync(string name, CancellationToken cancellation, bool force = false)
    {
        var api = await _agent.OpenAsync(cancellation);
        if (force)
        {
            await foreach (var result in OperateAsync(new OperationRequest { Action = ServiceAction.Stop, Services = [name] }, null,
                cancellation))
            {
                if (result.Service == name && result.Error is { } error)
                    throw new ServiceCtlException(error);
            }
        }

        await api.UnregisterAsync(name, cancellation);
    }

    /// <summary>A path on another host is one of its own, and begins at its root.</summary>
    private string Resolve(string path) => _agent.HostName is null ? ServiceFolder.Resolve(path)
        : path.StartsWith('/') ? path : throw new ServiceCtlException(
            ErrorCode.InvalidArgument, path, $"'{path}' is no path on {_agent.HostName}: it has to begin with a slash.",
            "Write the whole path that the folder has there.");

    private static async Task<RegistrationResult> RegisterOneAsync(
        AgentClient api, RegistrationRequest request, CancellationToken cancellation)
    {
        try
        {
            return new RegistrationResult { Path = request.Path, Service = await api.RegisterAsync(request, cancellation) };
        }
        catch (ServiceCtlException error) when (error.Code is not ErrorCode.AgentUnreachable)
        {
            return new RegistrationResult { Path = request.Path, Error = error.Report };
        }
    }

    /// <summary>What the configuration of one service says, by the service's name alone.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ServiceNotFound"/>; what <see cref="CatalogVerbs.ReadDefinitionAsync"/>
    /// refuses.</exception>
    [SupportedOSPlatform("linux")]
    internal async Task<ServiceDefinition> ReadDefinitionAsync(string name, CancellationToken cancellation)
    {
        var service = ServiceSelection.IsPattern(name) ? throw NamePattern.NotFound(name) : (await GetAsync([name], cancellation))[0];
        return await _catalog.ReadDefinitionAsync(CatalogVerbs.EntryOf(service), cancellation);
    }
}
