using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Search;
using ServiceCtl.Engine.Configuration.Sources;
using ServiceCtl.Engine.Configuration.Templates;
using ServiceCtl.Engine.Configuration.Text;
using ServiceCtl.Engine.Services.Watching;

namespace ServiceCtl.Engine.Remote;

/// <summary>A file whose content is pushed, now and whenever it changes. One that is not there pushes nothing.</summary>
internal sealed class WatchedFile : IDisposable
{
    private readonly string _path;
    private readonly SourceReader? _reader;
    private readonly IRemoteReceiver _receiver;
    private readonly FileFollower _files;

    /// <param name="path">Absolute.</param>
    /// <param name="reader">Who has to be able to read it; null: whoever runs this.</param>
    /// <param name="watch">Notices changes.</param>
    /// <param name="time">The clock.</param>
    /// <param name="receiver">Gets the text, and hears that the file can't be read.</param>
    /// <exception cref="ServiceCtlException">This user has too many inotify watches.</exception>
    public WatchedFile(string path, SourceReader? reader, PathWatch watch, TimeProvider time, IRemoteReceiver receiver)
    {
        _path = path;
        _reader = reader;
        _receiver = receiver;
        _files = new FileFollower(watch, time, () => WatchPoints.Of(path), ReadAsync, Warn);
        _files.Arm();
        _ = _files.ReadAsync();
    }

    public void Dispose() => _files.Dispose();

    private async Task ReadAsync(CancellationToken cancellation)
    {
        try
        {
            var text = await SourceFile.ReadAsync(_path, cancellation, reader: _reader);
            await _receiver.PushAsync(text.Text, _path, ConfigurationTemplate.FormatOf(_path));
        }
        catch (MalformedSourceException fault)
        {
            Warn(fault);
        }
    }

    private void Warn(Exception fault)
    {
        // One that is not there may come.
        if (fault is not ServiceCtlException { Code: ErrorCode.ConfigNotFound })
            _receiver.Warn($"{_path} can't be pushed: {fault.Message}");
    }
}
