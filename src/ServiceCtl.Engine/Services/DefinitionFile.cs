using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Engine.Services;

/// <summary>
/// A service's configuration on disk. It is read again only when one of its files has changed, so that asking for it costs a few
/// microseconds. Safe to use from several threads.
/// </summary>
public sealed class DefinitionFile
{
    /// <summary>
    /// File times are as coarse as the kernel's clock tick, up to 10 ms: one written just now may be written again without looking any
    /// younger. So may none that is as far in the future, by a clock that was set back: writing it now would show.
    /// </summary>
    private static readonly TimeSpan Settled = TimeSpan.FromMilliseconds(50);

    private readonly string _path;
    private readonly string _name;
    private readonly Func<SourceRequest> _request;
    private readonly TimeProvider _time;
    private readonly Action<ServiceReading>? _accept;
    private volatile Known? _last;

    /// <param name="path">Absolute path of the configuration.</param>
    /// <param name="name">The name the service goes by.</param>
    /// <param name="time">Tells whether the files are young.</param>
    /// <param name="request">Tells, for each reading, what is to be read beside what the folder says.</param>
    /// <param name="accept">Sees each new reading before anybody else; what it throws, the reader gets instead.</param>
    public DefinitionFile(
        string path, string name, TimeProvider time, Func<SourceRequest>? request = null, Action<ServiceReading>? accept = null)
    {
        _path = path;
        _name = name;
        _time = time;
        _request = request ?? (() => SourceRequest.Usual);
        _accept = accept;
    }

    /// <returns>The same object as long as the files stay as they are.</returns>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ConfigNotFound"/>, <see cref="ErrorCode.ConfigInvalid"/> with every
    /// fault.</exception>
    public async Task<ServiceDefinition> ReadAsync(CancellationToken cancellation) =>
        _last is { } last && last.Facts.AsSpan().SequenceEqual(Look(last.Paths)) && last.Definition.Release == FindRelease()
            ? last.Definition : (await ReadWithConfigurationAsync(cancellation)).Definition;

    /// <summary>What it says in a release to which the link need not lead.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    public async Task<ServiceDefinition> ReadReleaseAsync(ReleasePlace release, CancellationToken cancellation) =>
        (await ReadAcceptedAsync(release, cancellation)).Definition;

    /// <summary>Reads in any case, and tells of the configuration behind the definition as well.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    public async Task<ServiceReading> ReadWithConfigurationAsync(CancellationToken cancellation)
    {
        var began = _time.GetUtcNow();
        var expected = _last?.Paths ?? [.. ServiceSources.FilesOf(_path)];
        var before = Look(expected);
        var reading = await ReadAcceptedAsync(release: null, cancellation);
        // What was pushed holds secrets that the definition knows.
        string[] paths = [.. reading.Trace.Files, .. reading.Trace.Folders, .. new[] { reading.Definition.Remote?.File }.OfType<string>()];
        var facts = Look(paths);
        // Kept only if nothing was written since it began, so that the next reading can't miss it.
        if (Array.TrueForAll(facts, file => file is null || (began - file.Value.Written).Duration() > Settled)
            && (!paths.AsSpan().SequenceEqual(expected) || facts.AsSpan().SequenceEqual(before)))
            _last = new Known(paths, facts, reading.Definition);
        return reading;
    }

    private async Task<ServiceReading> ReadAcceptedAsync(ReleasePlace? release, CancellationToken cancellation)
    {
        while (true)
        {
            var request = _request();
            var reading = await ServiceDefinitionReader.ReadReleaseAsync(_path, _name, cancellation, request, release);
            _accept?.Invoke(reading);
            // Where nobody had noted whom it runs as, it was read with the rights of whoever runs this.
            if (reading.Open is null || request.User is not null || _request().User is null)
                return reading;
        }
    }

    private ReleasePlace? FindRelease() => ReleasePlace.Of(ServiceSources.FolderOf(_path));

    private static FileFacts?[] Look(string[] paths) => [.. paths.Select(FileFacts.TryOf)];

    private sealed record Known(string[] Paths, FileFacts?[] Facts, ServiceDefinition Definition);
}
