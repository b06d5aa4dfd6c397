using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ServiceCtl.Contracts;

namespace ServiceCtl.Tests.Integration.Support;

/// <summary>A small Flask service with the predecessor's kind of configuration, on a port of its own, under real uWSGI.</summary>
public sealed class FlaskService
{
    public const string App = """
        import os, time
        from flask import Flask
        app = Flask(__name__)
        VERSION = 'one'

        @app.route('/ping', methods=['GET', 'POST'])
        def ping():
            return {'pong': True}

        @app.route('/version')
        def version():
            return VERSION

        @app.route('/environment/<name>')
        def environment(name):
            return os.environ.get(name, 'unset')

        @app.route('/slow/<float:seconds>')
        def slow(seconds):
            time.sleep(seconds)
            return 'done'
        """;

    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(30), DefaultRequestHeaders = { ConnectionClose = true } };

    private readonly Home _home;

    public FlaskService(Home home, string name, string? uwsgi = null, string? more = null, string app = App)
    {
        _home = home;
        Name = name;
        Folder = home.Folder(name);
        Port = FreePort();
        File.WriteAllText(Path.Combine(Folder, "app.py"), app);
        File.WriteAllText(Config, $"""
            SERVICE_NAME: {name}
            api_directory: &api .
            TMP_DIR: &tmp tmp
            pid_file: !join [*tmp, /service.pid]
            local_ip: 127.0.0.1
            local_port: &port {Port}
            SERVER_PORT: *port
            directories_to_create: [log, *tmp]
            paths_to_delete: [*tmp]
            env_vars: [SERVICE_NAME, SERVER_PORT]
            uwsgi:
              config_file: !join [*tmp, /uwsgi.ini]
              http-socket: !join ["127.0.0.1:", *port]
              module: app:app
              processes: 2
              {uwsgi?.ReplaceLineEndings("\n  ") ?? "threads: 2"}
            {more}

            """);
    }

    public string Name { get; }

    public string Folder { get; }

    public int Port { get; }

    public string Config => Path.Combine(Folder, "config.yaml");

    public string PidFile => Path.Combine(Folder, "tmp", "service.pid");

    public static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }

    public Task<string> GetAsync(string path) => Http.GetStringAsync(new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}{path}")));

    public void Replace(string file, string text, string by)
    {
        var path = Path.Combine(Folder, file);
        var content = File.ReadAllText(path);
        Assert.Contains(text, content, StringComparison.Ordinal);
        File.WriteAllText(path, content.Replace(text, by, StringComparison.Ordinal));
        // Python compares whole seconds and sizes when it looks for stale bytecode.
        if (Directory.Exists(Path.Combine(Folder, "__pycache__")))
            Directory.Delete(Path.Combine(Folder, "__pycache__"), recursive: true);
    }

    public async Task<OperationResult> OrderAsync(ServiceAction action, CancellationToken cancellation = default)
    {
        await _home.Manager.RegisterAsync(Folder, null, cancellation);
        var results = new List<OperationResult>();
        await foreach (var result in _home.Manager.OperateAsync(new OperationRequest { Action = action, Services = [Name] }, null, cancellation))
            results.Add(result);
        return Assert.Single(results);
    }

    /// <summary>Gives an order that has to succeed.</summary>
    public async Task<OperationResult> MustAsync(ServiceAction action)
    {
        var result = await OrderAsync(action);
        Assert.True(result.Outcome == OperationOutcome.Done, $"{action}: {result.Message}\n{string.Join('\n', result.Error?.LogLines ?? [])}");
        return result;
    }

    public async Task<PyServiceStatus> StatusAsync()
    {
        await foreach (var status in _home.Manager.GetStatusAsync([Name], CancellationToken.None))
            return status;
        throw new InvalidOperationException("no status");
    }
}
