using System.Collections.Concurrent;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Runners.Uwsgi;

/// <summary>
/// The uWSGIs of this host that were asked what they can do, each as long as its file and its folder of plugins stay as they are.
/// </summary>
internal sealed class UwsgiBinaries
{
    private readonly ConcurrentDictionary<string, Known> _known = new();
    private readonly ExitWatcher _watcher;
    private readonly TimeProvider _time;

    public UwsgiBinaries(ExitWatcher watcher, TimeProvider time)
    {
        _watcher = watcher;
        _time = time;
    }

    /// <returns>Null when it does not say.</returns>
    public async Task<UwsgiBinary?> FindAsync(ServiceDefinition definition, string program, CancellationToken cancellation)
    {
        // What one user may run or read, another may not.
        var key = $"{definition.User}\0{program}";
        var written = FileFacts.TimeOf(program);
        if (_known.TryGetValue(key, out var known) && known.Program == written && known.Plugins == TimeOf(known.Binary.PluginFolder))
            return known.Binary;
        if (await UwsgiBinary.AskAsync(definition, program, _watcher, _time, cancellation) is not { } binary)
            return null;
        _known[key] = new Known(binary, written, TimeOf(binary.PluginFolder));
        return binary;
    }

    private static DateTimeOffset TimeOf(string? folder) => folder is null ? default : FileFacts.TimeOf(folder);

    private sealed record Known(UwsgiBinary Binary, DateTimeOffset Program, DateTimeOffset Plugins);
}
