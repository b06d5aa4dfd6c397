using System.Runtime.CompilerServices;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Agent;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine;

/// <summary>
/// The verbs of the product. Both faces call this and nothing else of the engine. Every verb finds the user's agent, or starts it.
/// All of them throw <see cref="ServiceCtlException"/>; what fails for one service of many is reported in that service's result.
/// </summary>
public sealed partial class ServiceManager : IDisposable
{
    private readonly AgentPaths _paths;
    private readonly string _executable;
    private readonly AgentClient _client;
    private readonly AgentLauncher _launcher;
    private readonly Lazy<FileChanges> _fileChanges = new(() => new FileChanges());

    /// <param name="agentExecutable">Absolute path of <c>servicectl</c>, which is started as the agent when there is none.</param>
    public ServiceManager(string agentExecutable)
        : this(AgentPaths.ForCurrentUser(), agentExecutable)
    {
    }

    internal ServiceManager(AgentPaths paths, string agentExecutable)
    {
        _paths = paths;
        _executable = agentExecutable;
        _client = new AgentClient(paths.Socket);
        _launcher = new AgentLauncher(paths, agentExecutable);
    }

    /// <summary>The services that the patterns select, ordered by name; all for no pattern.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ServiceNotFound"/> for a literal name that is not known.</exception>
    public Task<IReadOnlyList<PyService>> GetServicesAsync(IReadOnlyList<string> patterns, CancellationToken cancellation) =>
        AskAsync(() => _client.GetServicesAsync(patterns, cancellation), cancellation);

    /// <summary>One service, by its name alone.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ServiceNotFound"/>.</exception>
    private async Task<PyService> GetServiceAsync(string name, CancellationToken cancellation) =>
        IsPattern(name) ? throw NamePattern.NotFound(name) : (await GetServicesAsync([name], cancellation))[0];

    /// <inheritdoc cref="GetServicesAsync"/>
    public Task<IReadOnlyList<PyServiceStatus>> GetStatusAsync(IReadOnlyList<string> patterns, CancellationToken cancellation) =>
        AskAsync(() => _client.GetStatusAsync(patterns, cancellation), cancellation);

    /// <summary>The same, as the agent prints it: a command that ends at once would take longer to understand the answer than to get it.</summary>
    /// <param name="patterns">Names, or patterns.</param>
    /// <param name="asJson">As JSON; otherwise as text for people, a page for one service, a table for several.</param>
    /// <param name="isColored">Colour the states, for a terminal.</param>
    /// <param name="output">Where it goes.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>How many of the services don't run.</returns>
    public Task<int> PrintStatusAsync(IReadOnlyList<string> patterns, bool asJson, bool isColored, Stream output, CancellationToken cancellation) =>
        AskAsync(() => _client.CopyStatusAsync(patterns, asJson, isColored, output, cancellation), cancellation);

    /// <summary>The status without the commits, for those who look again and again. Starts no agent.</summary>
    public Task<IReadOnlyList<PyServiceStatus>> GetFiguresAsync(IReadOnlyList<string> patterns, CancellationToken cancellation) =>
        _client.GetFiguresAsync(patterns, cancellation);

    /// <summary>Orders something of the services that the patterns select. Results come as services are done, failures among them.</summary>
    /// <param name="request">The order.</param>
    /// <param name="progress">Hears of steps.</param>
    /// <param name="cancellation">Withdraws the order.</param>
    /// <param name="opened">Hears what is said of each service before anything is done; of a commit only where one service is chosen, or keeps a file of it.</param>
    public async IAsyncEnumerable<OperationResult> OperateAsync(
        OperationRequest request, IProgress<OperationProgress>? progress, [EnumeratorCancellation] CancellationToken cancellation, Action<ServiceOpening>? opened = null)
    {
        await _launcher.EnsureAsync(_client, cancellation);
        await foreach (var happened in _client.OperateAsync(request, cancellation))
        {
            if (happened.Opening is { } opening)
                opened?.Invoke(opening);
            if (happened.Progress is { } step)
                progress?.Report(step);
            if (happened.Result is { } result)
                yield return result;
        }
    }

    /// <summary>Waits until a service is in a state.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.TimedOut"/>.</exception>
    public async Task<PyService> WaitAsync(string name, ServiceState state, TimeSpan limit, CancellationToken cancellation)
    {
        await _launcher.EnsureAsync(_client, cancellation);
        return await _client.WaitAsync(name, state, limit, cancellation);
    }

    /// <summary>The running agent; null when there is none. Starts nothing.</summary>
    public Task<AgentInfo?> GetAgentAsync(CancellationToken cancellation) => _client.TryGetInfoAsync(cancellation);

    public Task<AgentInfo> StartAgentAsync(CancellationToken cancellation) => AskAsync(() => _client.GetInfoAsync(cancellation), cancellation);

    /// <summary>Ends the agent.</summary>
    /// <param name="running">What becomes of running services.</param>
    /// <param name="cancellation">Gives up waiting; the agent ends all the same.</param>
    /// <returns>False when there was none.</returns>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.AgentBusy"/>: services run, and nothing is said of them.</exception>
    public async Task<bool> StopAgentAsync(RunningServices running, CancellationToken cancellation)
    {
        if (await _client.TryGetInfoAsync(cancellation) is null)
            return false;

        await _client.StopAgentAsync(running, cancellation);
        using var gone = await LockFile.AcquireAsync(_paths.AgentLock, cancellation);
        return true;
    }

    /// <summary>Does a name select by pattern, or exclude, instead of being one service's?</summary>
    public static bool IsPattern(string name) => !new NamePattern(name).IsLiteral;

    /// <summary>Does a pattern take names out of the selection?</summary>
    public static bool IsExclusion(string pattern) => new NamePattern(pattern).IsExclusion;

    /// <summary>Does a pattern match a name?</summary>
    public static bool Matches(string pattern, string name) => new NamePattern(pattern).Matches(name);

    /// <summary>The names that patterns select, in the order of <paramref name="names"/>, and the literal patterns that select none.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ServiceNotFound"/>: an excluded name that is not there.</exception>
    public static (IReadOnlyList<string> Selected, IReadOnlyList<string> Missing) SelectNames(IReadOnlyList<string> patterns, IReadOnlyList<string> names) =>
        NamePattern.Select(patterns, names);

    /// <summary>Is this folder a service's, and which configuration file makes it one? Asks no agent.</summary>
    public static string? FindConfig(string folder) => ServiceSources.FindConfig(folder);

    /// <summary>The folder of the service that a configuration file is for.</summary>
    public static string FolderOf(string configPath) => ServiceSources.FolderOf(configPath);

    /// <summary>Is this absolute path the configuration file of a service, or its folder? Links on the way make no difference.</summary>
    public static bool IsOf(string configPath, string path) => ServiceSources.IsOf(configPath, path);

    /// <summary>Where this process works, by the name that its user went there by, links and all; null when that folder was deleted.</summary>
    public static string? CurrentFolder => Processes.CurrentFolder.TryGet();

    /// <summary>The absolute path of one that was written, relative to <see cref="CurrentFolder"/>.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidState"/>: the current folder was deleted.</exception>
    public static string ResolvePath(string path) => Processes.CurrentFolder.Resolve(path);

    public void Dispose()
    {
        if (_fileChanges.IsValueCreated)
            _fileChanges.Value.Dispose();
        _client.Dispose();
    }

    /// <summary>Asks the agent. A question changes nothing: if it was an agent's last one, the next agent is asked.</summary>
    private async Task<T> AskAsync<T>(Func<Task<T>> question, CancellationToken cancellation)
    {
        await _launcher.EnsureAsync(_client, cancellation);
        try
        {
            return await question();
        }
        catch (ServiceCtlException error) when (error.Code == ErrorCode.AgentUnreachable)
        {
            await _launcher.EnsureAsync(_client, cancellation);
            return await question();
        }
    }
}
