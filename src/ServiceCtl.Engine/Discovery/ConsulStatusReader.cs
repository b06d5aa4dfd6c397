using System.Collections.Concurrent;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Services.Rules;

namespace ServiceCtl.Engine.Discovery;

/// <summary>Tells for many services whether they are in Consul, and asks each Consul once.</summary>
internal sealed class ConsulStatusReader
{
    private readonly ConcurrentDictionary<(string Host, int Port, string? TokenFile, FileActor? Reader),
        Lazy<Task<(IReadOnlySet<string>? Ids, string? Problem)>>> _asked = new();

    /// <param name="rule">The service's; null when its configuration never could be read.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public async Task<(bool? IsRegistered, string? Problem)> ReadAsync(ConsulRule? rule, CancellationToken cancellation)
    {
        if (rule is not { IsMentioned: true })
            return (null, null);

        var (ids, problem) = await _asked.GetOrAdd(
            (rule.Host, rule.Port, rule.TokenFile, rule.Reader),
            _ => new(() => new ConsulRegistration(rule, listen: null).ListAsync(cancellation))).Value;
        return (ids?.Contains(rule.Id) == true, problem);
    }

    /// <summary>The predecessor's table. An unreachable Consul counts as not registered.</summary>
    public static string Conclude(bool? isRegistered, bool isListening) => (isRegistered == true, isListening) switch
    {
        (false, true) => "running in DEVELOPMENT mode",
        (false, false) => "NOT running at all",
        (true, true) => "running in DEPLOYED mode",
        (true, false) => "WARNING: registered in consul, but NOT running",
    };
}
