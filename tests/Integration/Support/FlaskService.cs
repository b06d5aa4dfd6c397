namespace ServiceCtl.Tests.Integration.Support;

/// <summary>A small Flask service with the predecessor's kind of configuration, on a port of its own, under real uWSGI.</summary>
public sealed class FlaskService : LocalService
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
            open('begun', 'w').close()
            time.sleep(seconds)
            return 'done'

        @app.route('/until/<name>')
        def until(name):
            open('begun', 'w').close()
            while not os.path.exists(name):
                time.sleep(0.01)
            return 'done'
        """;

    public FlaskService(Home home, string name, string? uwsgi = null, string? more = null, string app = App)
        : base(home, name)
    {
        File.WriteAllText(Path.Combine(Folder, "app.py"), app);
        File.WriteAllText(Config, $"""
            SERVICE_NAME: {name}
            api_directory: &api .
            TMP_DIR: &tmp tmp
            pid_file: !join [*tmp, /service.pid]
            local_ip: {home.Ip}
            local_port: &port {Port}
            SERVER_PORT: *port
            directories_to_create: [log, *tmp]
            paths_to_delete: [*tmp]
            env_vars: [SERVICE_NAME, SERVER_PORT]
            uwsgi:
              config_file: !join [*tmp, /uwsgi.ini]
              http-socket: !join ["{home.Ip}:", *port]
              module: app:app
              processes: 2
              {uwsgi?.ReplaceLineEndings("\n  ") ?? "threads: 2"}
            {more}

            """);
    }

    public string PidFile => Path.Combine(Folder, "tmp", "service.pid");
}
