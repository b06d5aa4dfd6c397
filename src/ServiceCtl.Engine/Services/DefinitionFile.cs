using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Services;

/// <summary>
/// A service's configuration on disk. It is read again only when one of its files has changed, so that asking for it costs a few
/// microseconds. Safe to use from several threads.
/// </summary>
public sealed class DefinitionFile
{
    /// <summary>File times are as coarse as the kernel's clock tick, up to 10 ms: one written just now may be written again without looking any younger.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromMilliseconds(50);

    private readonly string _path;
    private readonly string _name;
    private readonly IReadOnlyList<string> _files;
    private readonly TimeProvider _time;
    private volatile Known? _last;

    /// <param name="path">Absolute path of the configuration file.</param>
    /// <param name="name">The name the service goes by.</param>
    /// <param name="time">Tells whether the files are young.</param>
    public DefinitionFile(string path, string name, TimeProvider time)
    {
        _path = path;
        _name = name;
        _files = ServiceSources.FilesOf(path);
        _time = time;
    }

    /// <returns>The same object as long as the files stay as they are.</returns>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ConfigNotFound"/>, <see cref="ErrorCode.ConfigInvalid"/> with every fault.</exception>
    public async Task<ServiceDefinition> ReadAsync(CancellationToken cancellation)
    {
        // Before the reading: what is written meanwhile makes the next one read again.
        var facts = Look();
        if (_last is { } last && last.Facts.AsSpan().SequenceEqual(facts))
            return last.Definition;
        return Keep(facts, await ServiceDefinitionReader.ReadWithConfigurationAsync(_path, _name, cancellation)).Definition;
    }

    /// <summary>Reads in any case, and tells of the configuration behind the definition as well.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    public async Task<ServiceReading> ReadWithConfigurationAsync(CancellationToken cancellation)
    {
        var facts = Look();
        return Keep(facts, await ServiceDefinitionReader.ReadWithConfigurationAsync(_path, _name, cancellation));
    }

    /// <summary>What was pushed holds secrets that the definition knows.</summary>
    private FileFacts?[] Look() => [.. _files.Append(_last?.Definition.Remote?.File).OfType<string>().Select(FileFacts.TryOf)];

    private ServiceReading Keep(FileFacts?[] facts, ServiceReading reading)
    {
        var now = _time.GetUtcNow();
        if (Array.TrueForAll(facts, file => file is null || now - file.Value.Written > Settled))
            _last = new Known(facts, reading.Definition);
        return reading;
    }

    private sealed record Known(FileFacts?[] Facts, ServiceDefinition Definition);
}
