using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Win32.SafeHandles;
using ServiceCtl.Contracts;

namespace ServiceCtl.Host.Output;

/// <summary>
/// Standard output for many lines, which notices when nobody reads it any more: <c>servicectl logs | head</c> has an end.
/// </summary>
internal sealed class LineOutput : IDisposable
{
    private const int BrokenPipe = 32; // EPIPE

    private readonly StreamWriter _writer;

    /// <param name="isLive">Each line is wanted when it comes.</param>
    public LineOutput(bool isLive)
    {
        // The console's own stream takes a closed pipe for a success. On a file it is right, where this one would write at offsets of its
        // own.
        var raw = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        _writer = new StreamWriter(raw.CanSeek ? Console.OpenStandardOutput() : raw) { AutoFlush = isLive };
    }

    /// <returns>False when nobody reads any more.</returns>
    public bool TryWrite(string line)
    {
        try
        {
            _writer.Write(line);
            _writer.Write('\n');
            return true;
        }
        catch (IOException error)
        {
            return IsBrokenPipe(error);
        }
    }

    public bool TryWrite<T>(T value, JsonTypeInfo<T> type) => TryWrite(JsonSerializer.Serialize(value, type));

    public void Dispose()
    {
        try
        {
            _writer.Dispose();
        }
        catch (IOException error)
        {
            IsBrokenPipe(error);
        }
    }

    private static bool IsBrokenPipe(IOException error) => error.HResult == BrokenPipe ? false : throw new ServiceCtlException(
        ErrorCode.System, "standard output", $"Standard output can't be written: {error.Message}", inner: error);
}
