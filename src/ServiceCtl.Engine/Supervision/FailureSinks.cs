using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text.Json;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Events;
using ServiceCtl.Engine.Logs.Files;
using ServiceCtl.Engine.Logs.Rotation;
using ServiceCtl.Engine.Logs.Syslog;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Failures;

namespace ServiceCtl.Engine.Supervision;

/// <summary>
/// Writes failures down where rules want them beside the journal. One at a time and never waiting: what can't be written is reported once,
/// until it can be again.
/// </summary>
internal sealed class FailureSinks(SupervisionContext context)
{
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<(string Service, FailureSink Sink), bool> _troubled = [];

    /// <param name="definition">Of the service that has failed.</param>
    /// <param name="record">Where to.</param>
    /// <param name="happened">What; with its level.</param>
    public void Write(ServiceDefinition definition, FailureRecord record, ServiceEvent happened)
    {
        foreach (var sink in record.Others)
        {
            var problem = TryWrite(definition, sink, happened);
            var key = (definition.Name, sink);
            if (problem is null)
                _troubled.TryRemove(key, out _);
            else if (_troubled.TryAdd(key, true))
                context.Report(definition.Name, ServiceEventKind.Warning,
                    $"A failure of {definition.Name} could not be written to {sink.ToString().ToLowerInvariant()}: {problem}");
        }
    }

    private string? TryWrite(ServiceDefinition definition, FailureSink sink, ServiceEvent happened)
    {
        try
        {
            lock (_gate)
            {
                if (sink is FailureSink.Syslog)
                    SendToSyslog(definition, happened);
                else
                    Append(definition, happened);
            }

            return null;
        }
        catch (Exception error) when (LogFile.IsFault(error) || error is SocketException)
        {
            return error.Message;
        }
    }

    private static void SendToSyslog(ServiceDefinition definition, ServiceEvent happened)
    {
        using var socket = new SyslogSocket(definition.Logs.SyslogPath);
        var text = TextOf(happened);
        socket.Send(SyslogMessage.Of(SyslogFormat.Rfc3164, SeverityOf(happened.Level), definition.Name, pid: null, happened.Time, text));
    }

    /// <summary>One line: the code, the rule's words or those of the event.</summary>
    private static string TextOf(ServiceEvent happened)
    {
        var failure = happened.Failure;
        var text = failure?.Text is { } own ? $"{own} ({failure.Cause}; {failure.Decision})" : happened.Message;
        return VisibleText.Of($"{(failure?.Code is { } code ? $"{code}: " : "")}{text}".ReplaceLineEndings(" "));
    }

    private void Append(ServiceDefinition definition, ServiceEvent happened)
    {
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(happened, EventJson.Default.ServiceEvent), (byte)'\n'];
        var path = context.FailureFileOf(definition.Name);
        ServiceLogs.TryMakeFolder(Path.GetDirectoryName(path)!);
        var file = LogFile.Open(path);
        try
        {
            if (file.Length > 0 && file.Length + line.Length > definition.Logs.MaxSizeBytes)
            {
                file.Dispose();
                RotatedFiles.Load(path).Add(definition.Logs.Keep, happened.Time);
                file = LogFile.Open(path);
            }

            file.Write(line);
        }
        finally
        {
            file.Dispose();
        }
    }

    private static int SeverityOf(ServiceEventLevel? level) => level switch
    {
        ServiceEventLevel.Critical => SyslogMessage.Critical,
        ServiceEventLevel.Error => SyslogMessage.Error,
        ServiceEventLevel.Warning => SyslogMessage.Warning,
        ServiceEventLevel.Debug => SyslogMessage.Debug,
        _ => SyslogMessage.Info,
    };
}
