using System.Globalization;
using System.Text;
using System.Text.Json;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Composition;
using ServiceCtl.Engine.Health;
using ServiceCtl.Engine.Logs;
using ServiceCtl.Engine.Logs.Capture;
using ServiceCtl.Engine.Logs.Json;
using ServiceCtl.Engine.Logs.Reading;
using ServiceCtl.Engine.Logs.Syslog;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Tests.Fuzz.Targets;

/// <summary>
/// What a service prints: captured and rotated, read again by time, written as JSON, sent to syslog, shown to people, and taken for
/// figures.
/// </summary>
internal sealed class LinesTarget : IFuzzTarget
{
    private const string Secret = "correct horse/battery";

    private readonly string _folder = Directory.CreateTempSubdirectory("sc-fuzz-").FullName;
    private readonly LogCapture _capture = new(TimeProvider.System, _ => { });
    private readonly Lazy<FileChanges> _changes = new(() => new FileChanges());
    private readonly SecretMask _mask = SecretMask.Of([Secret]);
    private int _number;

    public IReadOnlyList<string> Dictionary { get; } =
        ["2026-11-29 21:00:00 ", "[29/Nov/2026:21:00:00 +0000] \"GET ", "{\"level\":\"info\",\"password\":\"x\"}\n", Secret,
            "# TYPE py_x counter\n", "py_x{a=\"b\"} 1\n", "\u001b]0;x\u0007", "\r\n", "redis://u:p@h/"];

    public async Task<string> RunAsync(byte[] input)
    {
        // A service's first bytes must fit its pipe: nobody else writes here.
        var printed = input.AsMemory(0, Math.Min(input.Length, 60_000));
        var run = Directory.CreateDirectory(Path.Combine(_folder, $"{_number++}")).FullName;
        var path = Path.Combine(run, "output.log");
        using (var log = _capture.Attach("fuzzed", Path.Combine(run, "pipe"), path, new LogSettings { MaxSize = 1000, Keep = 50 }))
        {
            using var pipe = new FileStream(log.OpenForService(), FileAccess.Write, bufferSize: 0);
            await pipe.WriteAsync(printed);
            log.Drain();
        }

        var lines = 0;
        await foreach (var line in new LogReader(new LogSource { Service = "fuzzed", Path = path }, _changes,
            _mask).ReadAsync(new LogQuery(), CancellationToken.None))
        {
            lines++;
            Require(line?.Text ?? "");
        }

        await WriteJsonAsync(run, printed);
        var figures = new PrometheusText("fuzzed");
        figures.AddForeign(Encoding.UTF8.GetString(printed.Span), "py_");
        _ = SyslogMessage.Of(SyslogFormat.Rfc3164, SyslogMessage.Info, "fuzzed", null, DateTimeOffset.Now,
            Encoding.UTF8.GetString(printed.Span));
        Directory.Delete(run, recursive: true);
        return $"{Math.Log2(lines + 1):0} {figures.ToString().Length > 0}";
    }

    public ValueTask DisposeAsync()
    {
        _capture.Dispose();
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private static void Require(string text)
    {
        var visible = VisibleText.Line(text);
        if (visible.EnumerateRunes().FirstOrDefault(
            rune => Rune.GetUnicodeCategory(rune) == UnicodeCategory.Control && rune.Value != '\t') is { Value: not 0 } steering)
            throw new FaultException($"U+{steering.Value:X4} would reach a terminal.");
        if (VisibleText.Line(visible) != visible)
            throw new FaultException("What is visible is made visible once more.");
        if (text.Contains(Secret, StringComparison.Ordinal))
            throw new FaultException("A secret was not masked.");
    }

    private async Task WriteJsonAsync(string run, ReadOnlyMemory<byte> printed)
    {
        var file = Path.Combine(run, "lines.json");
        await using (var sink = new JsonLogSink("fuzzed",
            new JsonLogSettings(file, User: null, MaxSize: 1 << 20, Keep: 1, Compress: false, MaxPerSecond: null, PassEvery: 1),
            TimeProvider.System, _ => { })
        { Mask = _mask })
            sink.Take(printed.Span);
        foreach (var line in File.Exists(file) ? File.ReadLines(file) : [])
        {
            using var parsed = JsonDocument.Parse(line);
        }
    }
}
