using System.Text;
using System.Text.Json;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Supervision;

/// <summary>
/// Tells whether the configuration on disk is another than the one a generation runs with. Costs a look at the file, as long as that stays
/// as it is.
/// </summary>
internal sealed class ConfigurationDrift
{
    private volatile Comparison? _last;

    /// <returns>What differs, in words; null when a restart would change nothing.</returns>
    public async Task<string?> FindAsync(
        ServiceRecord record, Generation serving, Func<CancellationToken, Task<ServiceDefinition>> read, CancellationToken cancellation)
    {
        var running = serving.Definition;
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
            _last = last = new Comparison(running, onDisk,
                ReferenceEquals(running, onDisk) || TextBeside(running, onDisk).AsSpan().SequenceEqual(Text(onDisk)));
        if (running.Release is { } release && onDisk.Folder != running.Folder && release.Leads(ServiceSources.FolderOf(record.ConfigPath)))
            return $"{release.Link} leads to another folder than at the start, {onDisk.Folder}; {running.Folder} serves, and a restart "
                + "takes the other.";
        if (!last.AreSame)
            return "The configuration on disk has changed since the start; a restart takes it.";
        return serving.Places.FindMoved(running) is { } moved
            ? $"{moved} is another folder than at the start; a restart takes it." : record.FindRename(onDisk);
    }

    /// <summary>
    /// Would a hot restart leave something out that a restart takes? Its code may read secrets as it likes, so that they don't count.
    /// </summary>
    public static bool OutlivesHotRestart(ServiceDefinition running, ServiceDefinition onDisk) =>
        !Text(running with { Secrets = [] }).AsSpan().SequenceEqual(Text(onDisk with { Secrets = [] }));

    /// <summary>Without what says only where a link led.</summary>
    private static byte[] Text(ServiceDefinition definition) =>
        JsonSerializer.SerializeToUtf8Bytes(definition with { Release = null }, GenerationJson.Default.ServiceDefinition);

    /// <summary>What an older agent launched has paths that go through the link.</summary>
    private static byte[] TextBeside(ServiceDefinition running, ServiceDefinition onDisk) =>
        running.Release is null && onDisk.Release is { } release && ReleasePlace.RealPathOf(running.Folder) == onDisk.Folder
            ? Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Text(running)).Replace(release.Link, release.Folder, StringComparison.Ordinal))
            : Text(running);

    private sealed record Comparison(ServiceDefinition Running, ServiceDefinition OnDisk, bool AreSame);
}
