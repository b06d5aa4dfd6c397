using ServiceCtl.Contracts;

namespace ServiceCtl.Client.Api;

/// <summary>What is pushed to services.</summary>
public sealed partial class AgentClient
{
    /// <summary>Pushes a configuration, and waits for what becomes of it where the request says so.</summary>
    public async Task<PyServiceConfigPush> PushAsync(ConfigPushRequest request, CancellationToken cancellation)
    {
        using var content = new StringContent(request.Text);
        using var response = await SendAsync(
            HttpMethod.Put,
            $"services/{Uri.EscapeDataString(request.Service)}/config?format={request.Format}"
            + $"&rollback={(request.NoRollback ? "false" : "true")}&wait={(request.NoWait ? "false" : "true")}"
            + $"&preview={(request.Preview ? "true" : "false")}&source={Uri.EscapeDataString(request.Source)}",
            content, cancellation);
        return await ReadAsync(response, AgentJson.Default.PyServiceConfigPush, cancellation);
    }

    /// <summary>Tells a service where a module is.</summary>
    public async Task<PyServiceModuleAddress> SetModuleAddressAsync(
        string service, string module, IReadOnlyList<string> hosts, CancellationToken cancellation)
    {
        using var content = Json(hosts, AgentJson.Default.IReadOnlyListString);
        using var response = await SendAsync(HttpMethod.Put,
            $"services/{Uri.EscapeDataString(service)}/modules/{Uri.EscapeDataString(module)}", content, cancellation);
        return await ReadAsync(response, AgentJson.Default.PyServiceModuleAddress, cancellation);
    }

    public Task<IReadOnlyList<PyServiceModuleAddress>> GetModuleAddressesAsync(string service, CancellationToken cancellation) =>
        GetAsync($"services/{Uri.EscapeDataString(service)}/modules", AgentJson.Default.IReadOnlyListPyServiceModuleAddress, cancellation);
}
