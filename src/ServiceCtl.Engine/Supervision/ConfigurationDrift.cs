using System.Text.Json;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Supervision;

/// <summary>Tells whether the configuration on disk is another than the one a generation runs with. Costs a look at the file, as long as that stays as it is.</summary>
internal sealed class ConfigurationDrift
{
    private volatile Comparison? _last;

    /// <returns>What differs, in words; null when a restart would change nothing.</returns>
    public async Task<string?> FindAsync(ServiceDefinition running, Func<CancellationToken, Task<ServiceDefinition>> read, CancellationToken cancellation)
    {
        ServiceDefinition onDisk;
        try
        {
            onDisk = await read(cancellation);
        }
        catch (ServiceCtlException error)
        {
            return $"The configuration on disk can't be used, and the next restart will be refused: {error.Message}";
        }

        if (_last is not { } last || !ReferenceEquals(last.Running, running) || !ReferenceEquals(last.OnDisk, onDisk))
            _last = last = new Comparison(running, onDisk, ReferenceEquals(running, onDisk) || Text(running).AsSpan().SequenceEqual(Text(onDisk)));
        return last.AreSame ? null : "The configuration on disk has changed since the start; a restart takes it.";
    }

    private static byte[] Text(ServiceDefinition definition) => JsonSerializer.SerializeToUtf8Bytes(definition, GenerationJson.Default.ServiceDefinition);

    private sealed record Comparison(ServiceDefinition Running, ServiceDefinition OnDisk, bool AreSame);
}
