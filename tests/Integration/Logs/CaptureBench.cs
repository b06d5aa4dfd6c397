using System.Collections.Concurrent;
using System.IO.Compression;
using System.Reflection;
using System.Text;
using ServiceCtl.Engine.Logs;
using ServiceCtl.Engine.Logs.Capture;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Tests.Integration.Processes;

namespace ServiceCtl.Tests.Integration.Logs;

/// <summary>A capture, a folder of its own, and services that print into it.</summary>
public sealed class CaptureBench : IDisposable
{
    public static readonly string Program = typeof(CaptureBench).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "capture-bench").Value!;

    private LogCapture? _capture;

    public ProcessBench Processes { get; } = new();

    public ConcurrentQueue<LogProblem> Problems { get; } = new();

    public LogCapture Capture => _capture ??= new LogCapture(TimeProvider.System, Problems.Enqueue);

    public string PathOf(string name) => Processes.PathOf(name);

    public CapturedLog Attach(string name, LogSettings settings, string? log = null) =>
        Capture.Attach(name, PathOf(name + ".pipe"), log ?? PathOf(name + ".log"), settings);

    public ChildProcess Spawn(CapturedLog log, ProcessSpec spec)
    {
        using var output = log.OpenForService();
        return Processes.Spawn(spec with { StandardOutput = output, StandardError = output });
    }

    /// <summary>Everything the log's files hold, the oldest first.</summary>
    public static byte[] Everything(string log)
    {
        using MemoryStream all = new();
        foreach (string file in Directory.GetFiles(Path.GetDirectoryName(log)!, Path.GetFileName(log) + "*").OrderBy(NumberOf))
        {
            using Stream stream = File.OpenRead(file);
            using Stream plain = file.EndsWith(".gz", StringComparison.Ordinal)
                ? new GZipStream(stream, CompressionMode.Decompress) : stream;
            plain.CopyTo(all);
        }

        return all.ToArray();

        long NumberOf(string file) => file == log ? long.MaxValue : long.Parse(file[(log.Length + 1)..].Split('.')[0]);
    }

    /// <summary>The last number, when all lines from 0 on are there, in order.</summary>
    public static int CountNumbered(byte[] log)
    {
        int next = 0;
        foreach (string line in Encoding.UTF8.GetString(log).TrimEnd('\n').Split('\n'))
            Assert.Equal(next++, int.Parse(line.AsSpan(0, 12)));
        return next;
    }

    public void Dispose()
    {
        _capture?.Dispose();
        Processes.Dispose();
    }
}
