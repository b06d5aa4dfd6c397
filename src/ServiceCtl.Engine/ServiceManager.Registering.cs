using System.Runtime.CompilerServices;
using ServiceCtl.Contracts;

namespace ServiceCtl.Engine;

/// <summary>Which services the host knows.</summary>
public sealed partial class ServiceManager
{
    /// <summary>Makes a service known; one that is known already is answered as it is.</summary>
    /// <param name="path">Its folder or its configuration file, relative to the current directory or absolute.</param>
    /// <param name="name">Null for the name its configuration or its folder gives.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <param name="atBoot">It is to run after each boot, until somebody stops it; <see cref="InstallAtBootAsync"/> has the agent started then.</param>
    public async Task<PyService> RegisterAsync(string path, string? name, CancellationToken cancellation, bool atBoot = false)
    {
        await _launcher.EnsureAsync(_client, cancellation);
        return await _client.RegisterAsync(new RegistrationRequest { Path = ResolvePath(path), Name = name, AtBoot = atBoot }, cancellation);
    }

    /// <summary>Makes many services known, in this order, each by the name it gives itself. One that can't be doesn't stop the rest.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.AgentUnreachable"/>: then none of the rest can be, either.</exception>
    public async IAsyncEnumerable<RegistrationResult> RegisterAsync(IReadOnlyList<string> paths, [EnumeratorCancellation] CancellationToken cancellation, bool atBoot = false)
    {
        await _launcher.EnsureAsync(_client, cancellation);
        foreach (var path in paths.Select(ResolvePath).ToArray())
            yield return await RegisterOneAsync(path, atBoot, cancellation);
    }

    /// <summary>Forgets a service; its files stay.</summary>
    /// <param name="name">The service.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <param name="force">Stop it first, should it run.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidState"/>: it runs; what was in the way of its stop.</exception>
    public async Task UnregisterAsync(string name, CancellationToken cancellation, bool force = false)
    {
        await _launcher.EnsureAsync(_client, cancellation);
        if (force)
        {
            await foreach (var result in OperateAsync(new OperationRequest { Action = ServiceAction.Stop, Services = [name] }, null, cancellation))
            {
                if (result.Service == name && result.Error is { } error)
                    throw new ServiceCtlException(error);
            }
        }

        await _client.UnregisterAsync(name, cancellation);
    }

    private async Task<RegistrationResult> RegisterOneAsync(string path, bool atBoot, CancellationToken cancellation)
    {
        try
        {
            return new RegistrationResult { Path = path, Service = await _client.RegisterAsync(new RegistrationRequest { Path = path, AtBoot = atBoot }, cancellation) };
        }
        catch (ServiceCtlException error) when (error.Code is not ErrorCode.AgentUnreachable)
        {
            return new RegistrationResult { Path = path, Error = error.Report };
        }
    }
}
