using ServiceCtl.Engine.Configuration.Schema.Types;
using ServiceCtl.Engine.Configuration.Values;
using ServiceCtl.Engine.Runners;
using ServiceCtl.Engine.Runners.Uwsgi;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Rules;

namespace ServiceCtl.Tests.Unit.Runners;

public sealed class UwsgiConfigFileTests
{
    private const string Added = "# added by ServiceCtl\n";

    [Fact]
    public void The_section_is_written_as_it_was_given()
    {
        var text = Text(
            Define(("http-socket", "127.0.0.1:1"), ("logformat", "%%d %n  %(addr)"), ("cron2", "minute=1 a"), ("cron2", "minute=2 b"),
                ("lazy", "")));

        Assert.StartsWith(
            "[uwsgi]\nhttp-socket = 127.0.0.1:1\nlogformat = %%d uwsgi  %(addr)\ncron2 = minute=1 a\ncron2 = minute=2 b\nlazy\n" + Added,
            text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_running_under_the_agent_needs_is_added()
    {
        var definition = Define(("module", "app:app")) with
        {
            PidFile = "/srv/web/tmp/pid",
            VirtualEnvironment = "/srv/web/venv",
            Stop = new StopRule { Timeout = TimeSpan.FromSeconds(2.5) },
        };

        var added = Text(definition, needsPlugin: true).Split(Added)[1];

        Assert.Equal(
            """
            plugin = python3
            master = true
            need-app = true
            thunder-lock = true
            virtualenv = /srv/web/venv
            http-socket = 127.0.0.1:8001
            http-socket = /run/web/1/probe
            pidfile = /run/web/1/pid
            stats = /run/web/1/stats
            worker-reload-mercy = 3
            reload-mercy = 3
            hook-master-start = unix_signal:15 gracefully_kill_them_all

            """,
            added);
    }

    [Fact]
    public void A_key_of_the_section_wins()
    {
        var definition = Define(
            ("socket", "/tmp/web.sock"), ("home", "/venv"), ("master", "1"), ("need-app", "1"), ("thunder-lock", "0"),
            ("safe-pidfile", "/x"),
            ("stats", "127.0.0.1:9191"), ("worker-reload-mercy", "60"), ("reload-mercy", "60")) with
        {
            PidFile = "/srv/web/tmp/pid",
            VirtualEnvironment = "/srv/web/venv",
        };

        Assert.Equal("http-socket = /run/web/1/probe\nhook-master-start = unix_signal:15 gracefully_kill_them_all\n",
            Text(definition).Split(Added)[1]);
    }

    [Fact]
    public void Daemonize_becomes_logto_because_the_agent_needs_the_foreground()
    {
        var definition = Define(("daemonize", "log/web.log"));
        var file = File(definition);

        Assert.Contains("\nlogto = log/web.log\n", file.Text(), StringComparison.Ordinal);
        Assert.DoesNotContain("daemonize", file.Text(), StringComparison.Ordinal);
        Assert.Equal("/srv/web/log/web.log", definition.ServerLog);
    }

    [Fact]
    public void The_log_of_uwsgi_itself_is_found_as_uwsgi_names_it()
    {
        var definition = Define(("logto", "log/%n.log"));
        Assert.Equal("/srv/web/log/uwsgi.log", definition.ServerLog);
        Assert.Equal("/srv/web/log/web.log",
            (definition with { Uwsgi = definition.Uwsgi with { ConfigFile = "/srv/web/tmp/web.ini" } }).ServerLog);
        Assert.Null((definition with { Runner = "gunicorn" }).ServerLog);
    }

    [Fact]
    public void A_held_socket_is_passed_whatever_the_section_calls_it()
    {
        Assert.Contains("\nhttp-socket = fd://3\n", Text(Define(("http-socket", ":1")), hasSocket: true), StringComparison.Ordinal);
        Assert.Contains("\nsocket = fd://3\n", Text(Define(("socket", "/tmp/x.sock")), hasSocket: true), StringComparison.Ordinal);
        Assert.Contains("\nhttp-socket = fd://3\n", Text(Define(), hasSocket: true), StringComparison.Ordinal);
    }

    [Fact]
    public void Routers_keep_their_descriptor_over_a_reload_and_get_a_socket_to_route_to()
    {
        var text = Text(
            Define(("https", "127.0.0.1:1,a.crt,a.key"), ("http-socket", ":2"), ("http", ":3"), ("port", "%(x) 100%"), ("chdir", "%d")),
            hasSocket: true);

        Assert.StartsWith(
            "[uwsgi]\nsocket = /run/web/1/routed\nsafe-fd = 3\nhttps = fd://3,a.crt,a.key\nhttp-socket = fd://4\nsafe-fd = 5\nhttp = "
                + "fd://5\nport = %(x) 100%%\nchdir = /srv/web/\n" + Added,
            text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(":2", "")]
    // The kernel goes on calling it by a name that no file has any more.
    [InlineData("x.sock", "socket = /run/web/1/routed\n")]
    public void Where_the_first_socket_speaks_its_protocol_on_tcp_routers_route_to_that(string socket, string before) =>
        Assert.StartsWith($"[uwsgi]\n{before}safe-fd = 3\nhttp = fd://3\nsocket = fd://4\n",
            Text(Define(("http", ":1"), ("socket", socket)), hasSocket: true), StringComparison.Ordinal);

    [Theory]
    [InlineData("127.0.0.1:%(port)", "127.0.0.1:8000")]
    [InlineData("%d|%p|%c|%n|%s|%e|%0|%1", "/srv/web/|/srv/web/uwsgi.ini|web|uwsgi|uwsgi.ini|ini|srv|web")]
    [InlineData("%(twice)", "8000/web")]
    [InlineData("%(port + 1)", "8001")]
    [InlineData("%(set)%%%(nobody)", "it%%(nobody)")]
    [InlineData("50%", "50%")]
    [InlineData("%y", "")]
    public void Placeholders_are_resolved_as_uwsgi_does(string value, string resolved)
    {
        var definition = Define(("port", "8000"), ("twice", "%(port)/%c"), ("set-placeholder", "set=it"));

        Assert.Equal(resolved, new UwsgiPlaceholders(definition.Uwsgi, definition.Folder).Resolve(value));
    }

    [Fact]
    public void Files_that_generations_must_not_share_are_their_own_and_published_under_the_configured_names()
    {
        var file = File(Define(("safe-pidfile", "tmp/web.pid"), ("stats", "/tmp/stats"), ("master-fifo", "tmp/fifo")));

        Assert.StartsWith("[uwsgi]\nsafe-pidfile = /run/web/1/pid\nstats = /run/web/1/stats\nmaster-fifo = /run/web/1/fifo\n", file.Text(),
            StringComparison.Ordinal);
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["/srv/web/tmp/web.pid"] = "/run/web/1/pid",
                ["/tmp/stats"] = "/run/web/1/stats",
                ["/srv/web/tmp/fifo"] = "/run/web/1/fifo"
            },
            file.PublishedFiles);
    }

    [Theory]
    [InlineData("stats", "127.0.0.1:9191", "127.0.0.1:8001", false)]
    [InlineData("http", "0.0.0.0:8080", "0.0.0.0:8080", true)]
    [InlineData("http-socket", ":8080", "0.0.0.0:8080", true)]
    [InlineData("socket", "tmp/web.sock", "/srv/web/tmp/web.sock", true)]
    [InlineData("https", "127.0.0.1:8443,web.crt,web.key", "127.0.0.1:8443", true)]
    [InlineData("https2", "addr=127.0.0.1:8443,cert=web.crt,key=web.key", "127.0.0.1:8443", true)]
    [InlineData("socket", "8443", "/srv/web/8443", true)]
    [InlineData("http-socket", "localhost:8080", "127.0.0.1:8080", true)]
    [InlineData("http-socket", "@abstract", null, false)]
    [InlineData("shared-socket", "127.0.0.1:80", "127.0.0.1:80", false)]
    [InlineData("processes", "2", "127.0.0.1:8001", true)]
    public void The_socket_of_the_section_is_where_it_listens(string key, string value, string? address, bool held)
    {
        var sockets = UwsgiSockets.Of(Define((key, value)));

        Assert.Equal(address, sockets.Plan.Main?.ToString());
        Assert.Equal(held, sockets.Plan.IsHeld);
    }

    private static string Text(ServiceDefinition definition, bool needsPlugin = false, bool hasSocket = false) =>
        File(definition, needsPlugin, hasSocket).Text();

    private static UwsgiConfigFile File(ServiceDefinition definition, bool needsPlugin = false, bool hasSocket = false) =>
        new(new LaunchRequest
        {
            Definition = definition,
            RunFolder = "/run/web/1",
            Sockets = hasSocket ? UwsgiSockets.Of(definition).Plan.Addresses.Count : 0
        }, needsPlugin ? ["python3"] : []);

    private static ServiceDefinition Define(params (string Key, string Value)[] options) => new()
    {
        Name = "web",
        Folder = "/srv/web",
        ConfigPath = "/srv/web/config.yaml",
        Runner = "uwsgi",
        Listen = ListenAddress.TryParse("127.0.0.1:8001", "/", out var address) ? address : null,
        Uwsgi = new UwsgiSection
        {
            Options = [
            .. options.Select(option => new ProgramOption(option.Key, option.Value, new Origin("config.yaml", 1, 1)))]
        },
    };
}
