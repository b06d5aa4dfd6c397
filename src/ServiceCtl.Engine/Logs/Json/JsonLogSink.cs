using System.Buffers;
using System.Text.Json;
using System.Threading.Channels;
using ServiceCtl.Engine.Configuration.Composition;
using ServiceCtl.Engine.Configuration.Masking;
using ServiceCtl.Engine.Configuration.Values;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Logs.Capture;
using ServiceCtl.Engine.Logs.Files;
using ServiceCtl.Engine.Logs.Reading;
using ServiceCtl.Engine.Logs.Rotation;

namespace ServiceCtl.Engine.Logs.Json;

/// <summary>
/// Writes a service's output as lines of JSON: time, service, text, secrets masked. The capture never waits for it: lines queue up, and
/// those that find the queue full are dropped and counted in the next line that is written. A line that is JSON itself stands in it as
/// such.
/// </summary>
internal sealed class JsonLogSink : IAsyncDisposable
{
    private const int QueueLength = 50_000;

    private const int LongestBatch = 128 * 1024;

    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    private readonly string _service;
    private readonly string _folder;
    private readonly TimeProvider _time;
    private readonly Action<string> _report;
    private readonly LineAssembler _lines = new();
    private readonly LineSampler? _sampler;
    private readonly Channel<(DateTimeOffset Time, string Text)> _queue = Channel.CreateBounded<(DateTimeOffset, string)>(
        new BoundedChannelOptions(QueueLength) { SingleReader = true });
    private readonly CancellationTokenSource _end = new();
    private readonly Task _writing;
    private LogFile? _file;
    private readonly Lock _gate = new();
    private RotatedFiles? _rotated;
    private Task _compressing = Task.CompletedTask;
    private long _unqueued;
    private bool _isTold;

    /// <param name="service">Its name.</param>
    /// <param name="settings">Where and how.</param>
    /// <param name="time">For the lines' times.</param>
    /// <param name="report">Takes a sentence when the file can't be written, and when it can be again.</param>
    public JsonLogSink(string service, JsonLogSettings settings, TimeProvider time, Action<string> report)
    {
        _service = service;
        _folder = Path.GetDirectoryName(settings.File)!;
        Settings = settings;
        _time = time;
        _report = report;
        _sampler = settings.MaxPerSecond is { } first ? new LineSampler(first, settings.PassEvery, time) : null;
        _writing = Task.Run(WriteAllAsync);
    }

    public JsonLogSettings Settings { get; }

    /// <summary>Takes the secrets out of the lines.</summary>
    public SecretMask? Mask { get; set; }

    /// <summary>A <see cref="LogBlockHandler"/>.</summary>
    public void Take(ReadOnlySpan<byte> block)
    {
        _lines.Append(block, _ => default);
        while (_lines.TryTake(out var line, out _))
        {
            if (line.Length > 0 && !_queue.Writer.TryWrite((_time.GetLocalNow(), line)))
                Interlocked.Increment(ref _unqueued);
        }
    }

    /// <summary>Gives the file a moment for what is in the queue.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        _end.CancelAfter(LastWords);
        await _writing;
        await _compressing;
        _end.Dispose();
    }

    private async Task WriteAllAsync()
    {
        try
        {
            var batch = new ArrayBufferWriter<byte>(LongestBatch);
            while (await _queue.Reader.WaitToReadAsync(_end.Token))
            {
                while (batch.WrittenCount < LongestBatch && _queue.Reader.TryRead(out var line))
                {
                    var sampled = 0L;
                    if (_sampler is null || _sampler.Keeps(line.Text, out sampled))
                        WriteLine(batch, line.Time, Mask?.MaskText(line.Text) ?? line.Text,
                            sampled + Interlocked.Exchange(ref _unqueued, 0));
                }

                Write(batch.WrittenSpan);
                batch.ResetWrittenCount();
            }
        }
        catch (OperationCanceledException)
        {
            // The moment of DisposeAsync is over.
        }
        finally
        {
            _file?.Dispose();
        }
    }

    private void WriteLine(ArrayBufferWriter<byte> buffer, DateTimeOffset time, string text, long dropped)
    {
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JsonText.Options.Encoder }))
        {
            json.WriteStartObject();
            json.WriteString("time", time);
            json.WriteString("service", _service);
            if (dropped > 0)
                json.WriteNumber("dropped", dropped);
            WriteText(json, text);
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
    }

    private static void WriteText(Utf8JsonWriter json, string text)
    {
        if (text[0] == '{' && TryParse(text) is { } parsed)
        {
            using (parsed)
            {
                json.WritePropertyName("record");
                WriteMasked(json, parsed.RootElement, isSecret: false);
            }
        }
        else
        {
            json.WriteString("message", text);
        }
    }

    /// <summary>What has a telling name is a secret, whatever it holds.</summary>
    private static void WriteMasked(Utf8JsonWriter json, JsonElement value, bool isSecret)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (var property in value.EnumerateObject())
                {
                    json.WritePropertyName(property.Name);
                    WriteMasked(json, property.Value, isSecret || SecretPattern.IsSecretName(property.Name));
                }

                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                    WriteMasked(json, item, isSecret);
                json.WriteEndArray();
                break;
            case not (JsonValueKind.Null or JsonValueKind.True or JsonValueKind.False) when isSecret:
                json.WriteStringValue(SecretPattern.Mask);
                break;
            default:
                value.WriteTo(json);
                break;
        }
    }

    private static JsonDocument? TryParse(string text)
    {
        try
        {
            return JsonDocument.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private void Write(ReadOnlySpan<byte> lines)
    {
        try
        {
            if (_file?.Refresh() != true)
            {
                _file?.Dispose();
                _file = UserFiles.Use(Settings.User, Settings.File, Open);
            }

            _file.Write(lines);
            if (_file.Length >= Settings.MaxSize)
                Rotate();
            if (_isTold)
                _report($"{Settings.File} takes the lines of {_service} again.");
            _isTold = false;
        }
        catch (Exception error) when (LogFile.IsFault(error))
        {
            if (!_isTold)
                _report(
                    $"{Settings.File} does not take the lines of {_service}: {error.Message} They are dropped until it does; the agent's "
                        + "own log has all of them.");
            _isTold = true;
        }
    }

    private LogFile Open()
    {
        Directory.CreateDirectory(_folder);
        return LogFile.Open(Settings.File);
    }

    private void Rotate()
    {
        _file!.Dispose();
        _file = null;
        lock (_gate)
        {
            var rotated = UserFiles.Use(Settings.User, _folder, () =>
            {
                _rotated ??= RotatedFiles.Load(Settings.File);
                return _rotated.Add(Settings.Keep, _time.GetLocalNow());
            });
            if (rotated is not null && Settings.Compress)
                _compressing = CompressAsync(_compressing, rotated);
        }
    }

    /// <summary>Beside the writing: half a gigabyte takes a while.</summary>
    private async Task CompressAsync(Task former, RotatedFile rotated)
    {
        await former;
        await Task.Yield();
        UserFiles.Use(Settings.User, _folder, () => Compress(rotated));
    }

    private void Compress(RotatedFile rotated)
    {
        var part = Settings.File + RotatedFiles.PartSuffix;
        try
        {
            using var source = File.OpenRead(_rotated!.PathOf(rotated));
            if (!LogCompressor.TryWrite(source, part, () => _end.IsCancellationRequested || rotated.Deleted))
                return;
            lock (_gate)
            {
                if (!rotated.Deleted)
                    _rotated.Replace(rotated, part);
            }
        }
        catch (Exception error) when (LogFile.IsFault(error))
        {
            // The plain file is there, and is read as well.
        }
        finally
        {
            File.Delete(part);
        }
    }
}
