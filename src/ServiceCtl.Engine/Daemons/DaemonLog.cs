using System.Net.Sockets;
using System.Text;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Logs.Files;
using ServiceCtl.Engine.Logs.Syslog;

namespace ServiceCtl.Engine.Daemons;

/// <summary>
/// Where a daemon's lines go: a rotated file, standard output, syslog. Each is for itself, and none of them stops the daemon: what can't be
/// written any more is dropped, and that is reported once on standard error.
/// </summary>
internal sealed class DaemonLog : IDisposable
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _reported = [];
    private readonly string _name;
    private readonly SimpleDaemonOptions _options;
    private readonly TimeProvider _time;
    private readonly TextWriter _output;
    private readonly TextWriter _errors;
    private readonly DaemonLogFormat _format;
    private readonly DaemonLogFile _file;
    private readonly SyslogSocket? _syslog;
    private bool _isClosed;

    /// <exception cref="ServiceCtlException">The format is not understood, or the file can't be made.</exception>
    public DaemonLog(string name, SimpleDaemonOptions options, TimeProvider time, TextWriter output, TextWriter errors)
    {
        _name = name;
        _options = options;
        _time = time;
        _output = output;
        _errors = errors;
        _format = new DaemonLogFormat(options.LogFormat);
        _syslog = options.Syslog ? new SyslogSocket(options.SyslogSocket) : null;
        try
        {
            Directory.CreateDirectory(options.LogPath);
            _file = new DaemonLogFile(Path.GetFullPath(Path.Combine(options.LogPath, options.LogName)), options.MaxLogSize,
                options.MaxLogFiles, time);
        }
        catch (Exception error) when (LogFile.IsFault(error))
        {
            throw new ServiceCtlException(
                error is ServiceCtlException { Code: var code } ? code : ErrorCode.System, options.LogPath,
                $"The log {options.LogName} of {name} can't be written in {options.LogPath}: {error.Message}",
                "Choose a folder that this user may write, with -LogPath (LogPath of the options).", error);
        }
    }

    public void Write(DaemonLogLevel level, string message)
    {
        if (level < _options.LogLevel)
            return;

        lock (_gate)
        {
            if (_isClosed)
                return;
            var record = new DaemonLogRecord(_time.GetLocalNow(), _name, level, message);
            var line = _format.Render(record);
            Try(_file.Path, () => _file.Write(Encoding.UTF8.GetBytes(line + "\n")));
            if (_options.Stream)
                Try("standard output", () => _output.WriteLine(line));
            if (_syslog is { } syslog)
            {
                Try(_options.SyslogSocket, () => syslog.Send(SyslogMessage.Of(
                    _options.SyslogFormat, SeverityOf(level), _name, Environment.ProcessId, record.At, message)));
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isClosed = true;
            _file.Dispose();
            _syslog?.Dispose();
        }
    }

    private static int SeverityOf(DaemonLogLevel level) => level switch
    {
        < DaemonLogLevel.Info => SyslogMessage.Debug,
        < DaemonLogLevel.Warning => SyslogMessage.Info,
        < DaemonLogLevel.Error => SyslogMessage.Warning,
        < DaemonLogLevel.Critical => SyslogMessage.Error,
        _ => SyslogMessage.Critical,
    };

    private void Try(string where, Action write)
    {
        try
        {
            write();
            _reported.Remove(where);
        }
        catch (Exception error) when (LogFile.IsFault(error) || error is SocketException)
        {
            if (_reported.Add(where))
                Complain($"{_name}: lines are dropped, {where} does not take them: {error.Message}");
        }
    }

    private void Complain(string words)
    {
        try
        {
            _errors.WriteLine(words);
        }
        catch (IOException)
        {
            // Nobody is left to tell.
        }
    }
}
