using ServiceCtl.Contracts;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Agent;

/// <summary>What is pushed to services.</summary>
public sealed partial class ServiceAgent
{
    /// <summary>Takes a configuration for a service: all of it, or nothing.</summary>
    /// <exception cref="ServiceCtlException">
    /// <see cref="ErrorCode.ServiceNotFound"/>; <see cref="ErrorCode.InvalidState"/>: it takes none; <see cref="ErrorCode.ConfigInvalid"/>:
    /// it is wrong, and the service untouched.
    /// </exception>
    public async Task<PyServiceConfigPush> PushAsync(ConfigPushRequest request, CancellationToken cancellation)
    {
        Require([request.Service]);
        try
        {
            return await _remote.PushAsync(request, cancellation);
        }
        finally
        {
            _quiet.NoteWork();
        }
    }

    /// <summary>Tells a service where a module is; kept, and posted to the service after each start.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ServiceNotFound"/>; <see cref="ErrorCode.InvalidArgument"/>: what is not
    /// <c>host:port</c>.</exception>
    public PyServiceModuleAddress SetModuleAddress(string service, string module, IReadOnlyList<string> hosts)
    {
        foreach (var host in hosts)
        {
            if (host.LastIndexOf(':') is not (var colon and > 0) || !ushort.TryParse(host.AsSpan(colon + 1), out var port) || port == 0)
                throw new ServiceCtlException(ErrorCode.InvalidArgument, host, $"`{host}` is no address of a module.",
                    "Write host:port, as 10.0.0.7:8080 or [fe80::1]:8080.");
        }

        return _remote.SetAddresses(RequireOne(service), module, hosts);
    }

    /// <summary>The modules that a service needs, or has heard of.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ServiceNotFound"/>.</exception>
    public IReadOnlyList<PyServiceModuleAddress> GetModuleAddresses(string service) => _remote.AddressesOf(RequireOne(service).Record.Name);

    private async Task<ServiceDefinition> ReadDefinitionAsync(DefinitionFile file, string name, CancellationToken cancellation)
    {
        var definition = _definitions[name] = await file.ReadAsync(cancellation);
        await FollowAsync(definition);
        return definition;
    }

    private Task FollowAsync(ServiceDefinition definition)
    {
        FollowInfra(definition);
        _schedules.Follow(definition, isServing: false);
        _alerts.Follow(definition, isServing: false);
        return _remote.FollowAsync(definition);
    }
}
