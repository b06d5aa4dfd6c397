using ServiceCtl.Client.Api;
using ServiceCtl.Contracts;

namespace ServiceCtl.Client;

/// <summary>Where the modules are that services need.</summary>
public sealed class ModuleVerbs
{
    private readonly AgentConnection _agent;

    internal ModuleVerbs(AgentConnection agent)
    {
        _agent = agent;
    }

    /// <summary>Tells a service where a module is. An empty list says that it is nowhere.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ServiceNotFound"/>, <see cref="ErrorCode.InvalidArgument"/>: what is not
    /// <c>host:port</c>.</exception>
    public async Task<PyServiceModuleAddress> SetAddressAsync(
        string service, string module, IReadOnlyList<string> hosts, CancellationToken cancellation)
    {
        var api = await _agent.OpenAsync(cancellation);
        return await api.SetModuleAddressAsync(service, module, hosts, cancellation);
    }

    /// <summary>The modules that a service needs, or has heard of, by name.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ServiceNotFound"/>.</exception>
    public async Task<IReadOnlyList<PyServiceModuleAddress>> GetAddressesAsync(string service, CancellationToken cancellation)
    {
        var api = await _agent.OpenAsync(cancellation);
        return await api.GetModuleAddressesAsync(service, cancellation);
    }
}
