using System.Net.Sockets;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Health;

/// <summary>The probe that fits what is to be asked.</summary>
public static class Probes
{
    /// <param name="address">Where the service listens; null for one that does not.</param>
    /// <param name="target">A path on that address, or a URL of its own; null to ask nothing.</param>
    /// <param name="timeout">How long one question may take.</param>
    /// <param name="connect">Opens the connections to that address; null to go by it.</param>
    /// <returns>Null where there is nothing to ask.</returns>
    public static HttpProbe? Create(ListenAddress? address, string? target, TimeSpan timeout, Func<CancellationToken, Task<NetworkStream>>? connect = null)
    {
        if (target is null)
            return null;
        if (target.StartsWith('/'))
            return address is null ? null : new HttpProbe(address, target, timeout, connect);

        var url = new Uri(target);
        return ListenAddress.TryParse($"{url.Host}:{url.Port}", "/", out var elsewhere) ? new HttpProbe(elsewhere, url.PathAndQuery, timeout) : null;
    }
}
