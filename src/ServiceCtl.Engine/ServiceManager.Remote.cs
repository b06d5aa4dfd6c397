using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration;

namespace ServiceCtl.Engine;

/// <summary>What is pushed to services: configurations, and where the modules are that they need.</summary>
public sealed partial class ServiceManager
{
    /// <summary>Pushes a configuration to a service, and waits until the service runs with it, or not.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ServiceNotFound"/>, <see cref="ErrorCode.InvalidState"/>: it takes none, <see cref="ErrorCode.ConfigInvalid"/>: it is wrong, and was refused.</exception>
    public async Task<PyServiceConfigPush> PushConfigurationAsync(ConfigPushRequest request, CancellationToken cancellation)
    {
        await _launcher.EnsureAsync(_client, cancellation);
        return await _client.PushAsync(request, cancellation);
    }

    /// <summary>The text of a file that is to be pushed.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ConfigNotFound"/>; <see cref="ErrorCode.ConfigInvalid"/>: it can't be read, or is no text.</exception>
    public static async Task<string> ReadFileAsync(string path, CancellationToken cancellation)
    {
        try
        {
            return (await SourceFile.ReadAsync(path, cancellation)).Text;
        }
        catch (MalformedSourceException fault)
        {
            throw ConfigurationReader.Invalid([new ConfigurationProblem { Source = path, Message = fault.Message, Advice = fault.Advice }]);
        }
    }

    /// <summary>Tells a service where a module is. An empty list says that it is nowhere.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ServiceNotFound"/>, <see cref="ErrorCode.InvalidArgument"/>: what is not <c>host:port</c>.</exception>
    public async Task<PyServiceModuleAddress> SetModuleAddressAsync(string service, string module, IReadOnlyList<string> hosts, CancellationToken cancellation)
    {
        await _launcher.EnsureAsync(_client, cancellation);
        return await _client.SetModuleAddressAsync(service, module, hosts, cancellation);
    }

    /// <summary>The modules that a service needs, or has heard of, by name.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ServiceNotFound"/>.</exception>
    public async Task<IReadOnlyList<PyServiceModuleAddress>> GetModuleAddressesAsync(string service, CancellationToken cancellation)
    {
        await _launcher.EnsureAsync(_client, cancellation);
        return await _client.GetModuleAddressesAsync(service, cancellation);
    }
}
