using System.Collections.Concurrent;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Logs;
using ServiceCtl.Engine.Logs.Capture;
using ServiceCtl.Engine.Logs.Json;
using ServiceCtl.Engine.Logs.Syslog;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Supervision;

/// <summary>Where the output of each service goes: its files, and syslog where its definition says so.</summary>
internal sealed class ServiceLogs : IAsyncDisposable
{
    private readonly SupervisionContext _context;
    private readonly LogCapture _capture;
    private readonly ConcurrentDictionary<string, Output> _outputs = new();

    internal ServiceLogs(SupervisionContext context, LogCapture capture)
    {
        _context = context;
        _capture = capture;
    }

    /// <summary>The capture of a service's output, as its definition wants it now. One call at a time for each service.</summary>
    internal CapturedLog Of(ServiceDefinition definition)
    {
        var settings = LogSettings.Of(definition.Logs);
        var output = _outputs.GetOrAdd(
            definition.Name, name => new Output(Attach(name, "output", _context.OutputFileOf(name), settings)));
        output.Log.Settings = settings;
        SendToSyslog(output, definition);
        var json = definition.JsonLog is { } log ? new JsonLogSettings(log.File, definition.Actor, log.MaxSizeBytes, log.Keep, log.Compress,
            log.MaxPerSecond, log.PassEvery) : null;
        if (output.Json?.Settings != json)
            output.WriteTo(
                json is null ? null : new JsonLogSink(definition.Name, json, _context.Time, words => Warn(definition.Name, words)));
        if (output.Json is { } sink)
            sink.Mask = definition.Mask;
        return output.Log;
    }

    /// <summary>The capture of what a service's canaries print: apart, so that each line is one generation's.</summary>
    internal CapturedLog OfCanary(ServiceDefinition definition)
    {
        var settings = LogSettings.Of(definition.Logs);
        var output = _outputs.GetOrAdd(
            CanaryOf(definition.Name), _ => new Output(
                Attach(definition.Name, "canary", _context.CanaryFileOf(definition.Name), settings)));
        output.Log.Settings = settings;
        SendToSyslog(output, definition);
        return output.Log;
    }

    /// <summary>Ends the captures of a service that is no longer known.</summary>
    internal async ValueTask ForgetAsync(string service)
    {
        foreach (var key in (string[])[service, CanaryOf(service)])
        {
            if (_outputs.TryRemove(key, out var output))
            {
                output.Log.Dispose();
                await output.DisposeAsync();
            }
        }
    }

    /// <summary>Lets syslog have what is still queued. The captures belong to the <see cref="LogCapture"/>.</summary>
    public async ValueTask DisposeAsync() => await Task.WhenAll(_outputs.Values.Select(output => output.DisposeAsync().AsTask()));

    /// <summary>No service has a name like this.</summary>
    private static string CanaryOf(string service) => service + "/canary";

    private void SendToSyslog(Output output, ServiceDefinition definition)
    {
        if (output.Syslog?.SocketPath != definition.Logs.SyslogSocket)
            output.SendTo(
                definition.Logs.SyslogSocket is { } socket
                    ? new SyslogSink(definition.Name, socket, _context.Time, words => Warn(definition.Name, words)) : null);
        if (output.Syslog is { } syslog)
            syslog.Mask = definition.Mask;
    }

    private CapturedLog Attach(string service, string pipe, string file, LogSettings settings)
    {
        _context.MakeRunFolderOf(service);
        TryMakeFolder(Path.GetDirectoryName(file)!);
        return _capture.Attach(service, Path.Combine(_context.RunFolderOf(service), pipe), file, settings);
    }

    /// <summary>The capture tells what is in its way, and a service never waits for its log.</summary>
    internal static void TryMakeFolder(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
        }
    }

    private void Warn(string service, string words) => _context.Report(service, ServiceEventKind.Warning, words);

    private sealed class Output(CapturedLog log) : IAsyncDisposable
    {
        private IDisposable? _subscription;
        private IDisposable? _jsonSubscription;

        public CapturedLog Log => log;

        public SyslogSink? Syslog { get; private set; }

        public JsonLogSink? Json { get; private set; }

        public void WriteTo(JsonLogSink? sink)
        {
            _jsonSubscription?.Dispose();
            _jsonSubscription = sink is null ? null : log.Subscribe(sink.Take);
            _ = Json?.DisposeAsync().AsTask();
            Json = sink;
        }

        public void SendTo(SyslogSink? sink)
        {
            _subscription?.Dispose();
            _subscription = sink is null ? null : log.Subscribe(sink.Take);
            _ = Syslog?.DisposeAsync().AsTask();
            Syslog = sink;
        }

        public async ValueTask DisposeAsync()
        {
            if (Syslog is not null)
                await Syslog.DisposeAsync();
            if (Json is not null)
                await Json.DisposeAsync();
        }
    }
}
