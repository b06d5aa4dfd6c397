using System.Runtime.Versioning;
using ServiceCtl.Client.Api;
using ServiceCtl.Client.Hosts;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Environments;
using ServiceCtl.Engine.Files;

namespace ServiceCtl.Client;

/// <summary>Virtualenvs of services, and what a host has for them.</summary>
public sealed class EnvironmentVerbs
{
    private readonly AgentConnection _agent;
    private readonly ServiceVerbs _services;

    internal EnvironmentVerbs(AgentConnection agent, ServiceVerbs services)
    {
        _agent = agent;
        _services = services;
    }

    /// <summary>
    /// Makes the virtualenv of a service as <c>service.venv</c> says, if it is not made of the same things already. It takes the old one's
    /// place when it is whole. It belongs to whoever calls this; where that is root and the service has a user, to that user, as whom all
    /// of it is done. A running service gets it with its next restart. On another host the command there does it.
    /// </summary>
    /// <param name="name">The service.</param>
    /// <param name="force">Make it again in any case.</param>
    /// <param name="progress">Hears the lines of pip or uv.</param>
    /// <param name="cancellation">Stops; the old one stays.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.EnvironmentFailed"/> with the tool's lines,
    /// <see cref="ErrorCode.RunnerMissing"/>, <see cref="ErrorCode.InvalidArgument"/>.</exception>
    public async Task<PyServiceEnvironment> InitializeAsync(
        string name, bool force, IProgress<OperationProgress>? progress, CancellationToken cancellation)
    {
        if (_agent.Host is { } host)
        {
            var reply = await HostCommand.AskAsync(host, ["env", "--json", .. HostCommand.Flag("--force", force), "--", name],
                AgentJson.Default.IReadOnlyListPyServiceEnvironment, cancellation);
            return reply.Whole[0];
        }

        return LocalHost.HasServices ? await InitializeHereAsync(name, force, progress, cancellation) : throw LocalHost.Unsupported();
    }

    [SupportedOSPlatform("linux")]
    private async Task<PyServiceEnvironment> InitializeHereAsync(
        string name, bool force, IProgress<OperationProgress>? progress, CancellationToken cancellation)
    {
        var definition = await _services.ReadDefinitionAsync(name, cancellation);
        var plan = EnvironmentPlan.Of(definition);
        using var mine = await LockEnvironmentAsync(plan, cancellation);
        return await new EnvironmentMaker(plan, TimeProvider.System).MakeAsync(force, progress, cancellation);
    }

    /// <summary>
    /// Writes the wheel of cordio, the Python package of this version, into a folder: for images, other hosts, or an index. Virtualenvs
    /// that <see cref="InitializeAsync"/> makes get it without.
    /// </summary>
    /// <param name="folder">Is made if it is not there.</param>
    /// <returns>The file.</returns>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.System"/>: it can't be written.</exception>
    [SupportedOSPlatform("linux")]
    public static string WriteCordio(string folder)
    {
        var place = ServiceFolder.Resolve(folder);
        var file = Path.Combine(place, CordioWheel.FileName);
        try
        {
            NamedFile.MakeFolder(place);
            NamedFile.Replace(file, CordioWheel.Make(), FileModes.Readable);
            return file;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ServiceCtlException(ErrorCode.System, folder, $"The wheel can't be written: {error.Message}",
                "Check the folder and its permissions.", error);
        }
    }

    /// <summary>What this host has, and lacks, for its services. Asks no agent.</summary>
    /// <param name="ports">TCP ports that have to be free.</param>
    /// <param name="repository">A repository that has to be reached; null for <c>origin</c> of the checkout that the folder is in.</param>
    /// <param name="folder">The current folder; null for none.</param>
    /// <param name="cancellation">Stops.</param>
    [SupportedOSPlatform("linux")]
    public static IAsyncEnumerable<HostCheck> CheckHostAsync(
        IReadOnlyList<int> ports, string? repository, string? folder, CancellationToken cancellation) =>
        HostChecks.RunAsync(ports, repository, folder, cancellation);

    [SupportedOSPlatform("linux")]
    private static async Task<LockFile> LockEnvironmentAsync(EnvironmentPlan plan, CancellationToken cancellation)
    {
        var folder = Path.GetDirectoryName(plan.Path)!;
        try
        {
            UserFiles.MakeFolder(plan.Actor, folder);
            return await LockFile.AcquireAsync(Path.Combine(folder, $".{Path.GetFileName(plan.Path)}.lock"), cancellation, plan.Actor);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new ServiceCtlException(
                ErrorCode.AccessDenied, plan.Path, $"The virtualenv {plan.Path} can't be made: {error.Message}",
                plan.User is { } user
                    ? $"It is made by {user}: let that user write to {folder} (chown {user}), or make the folder root's alone."
                    : "Do it as the user whose folder it is.", error);
        }
    }
}
