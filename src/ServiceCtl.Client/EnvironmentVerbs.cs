using ServiceCtl.Contracts;
using ServiceCtl.Engine.Environments;
using ServiceCtl.Engine.Files;

namespace ServiceCtl.Client;

/// <summary>Virtualenvs of services, and what a host has for them.</summary>
public sealed class EnvironmentVerbs
{
    private readonly ServiceVerbs _services;

    internal EnvironmentVerbs(ServiceVerbs services)
    {
        _services = services;
    }

    /// <summary>
    /// Makes the virtualenv of a service as <c>service.venv</c> says, if it is not made of the same things already. It takes the old one's place when it is whole.
    /// It belongs to whoever calls this. A running service gets it with its next restart.
    /// </summary>
    /// <param name="name">The service.</param>
    /// <param name="force">Make it again in any case.</param>
    /// <param name="progress">Hears the lines of pip or uv.</param>
    /// <param name="cancellation">Stops; the old one stays.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.EnvironmentFailed"/> with the tool's lines, <see cref="ErrorCode.RunnerMissing"/>, <see cref="ErrorCode.InvalidArgument"/>.</exception>
    public async Task<PyServiceEnvironment> InitializeAsync(string name, bool force, IProgress<OperationProgress>? progress, CancellationToken cancellation)
    {
        var definition = await _services.ReadDefinitionAsync(name, cancellation);
        var plan = EnvironmentPlan.Of(definition);
        using var mine = await LockEnvironmentAsync(plan.Path, cancellation);
        return await new EnvironmentMaker(plan, TimeProvider.System).MakeAsync(force, progress, cancellation);
    }

    /// <summary>What this host has, and lacks, for its services. Asks no agent.</summary>
    /// <param name="ports">TCP ports that have to be free.</param>
    /// <param name="cancellation">Stops.</param>
    public static IAsyncEnumerable<HostCheck> CheckHostAsync(IReadOnlyList<int> ports, CancellationToken cancellation) => HostChecks.RunAsync(ports, cancellation);

    private static async Task<LockFile> LockEnvironmentAsync(string path, CancellationToken cancellation)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            return await LockFile.AcquireAsync(Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.lock"), cancellation);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new ServiceCtlException(ErrorCode.AccessDenied, path, $"The virtualenv {path} can't be made: {error.Message}", "Do it as the user whose folder it is.", error);
        }
    }
}
