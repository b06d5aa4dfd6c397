using ServiceCtl.Contracts;
using ServiceCtl.Engine.Runners;
using ServiceCtl.Engine.Runners.Gunicorn;
using ServiceCtl.Engine.Runners.Programs;
using ServiceCtl.Engine.Runners.Uvicorn;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Keys;
using ServiceCtl.Engine.Services.Rules;

namespace ServiceCtl.Tests.Unit.Runners;

/// <summary>What the servers that are told everything on their command line are told.</summary>
public sealed class CommandLineTests
{
    private static readonly ServiceDefinition Web = new()
    {
        Name = "web",
        Folder = "/srv/web",
        ConfigPath = "/srv/web/config.yaml",
        Runner = "gunicorn",
        App = "app:app",
        Listen = ListenAddress.TryParse("127.0.0.1:8001", "/", out var address) ? address : null,
        Stop = new StopRule { Timeout = TimeSpan.FromSeconds(2.5) },
    };

    [Fact]
    public void Gunicorn_with_a_passed_socket_binds_nothing() =>
        Assert.Equal(["--pid", "/run/web/1/pid", "--graceful-timeout", "3", "app:app"], Gunicorn(Web, hasSocket: true));

    [Fact]
    public void Gunicorn_on_its_own_binds_the_address_and_a_socket_for_the_probe() => Assert.Equal(
        ["--bind", "127.0.0.1:8001", "--bind", "unix:/run/web/1/probe", "--pid", "/run/web/1/pid", "--workers", "4", "--graceful-timeout",
            "3", "app:app"],
        Gunicorn(Web with { Instances = 4 }, hasSocket: false));

    [Fact]
    public void What_the_command_says_wins() => Assert.Equal(
        ["-w8", "--graceful-timeout=60", "-c", "conf.py", "--pid", "/run/web/1/pid", "app:app"],
        Gunicorn(Web with { Instances = 4, Command = ["gunicorn", "-w8", "--graceful-timeout=60", "-c", "conf.py"] }, hasSocket: true));

    [Theory]
    [InlineData("-b", ":1")]
    [InlineData("--bind=:1", "x")]
    [InlineData("-D", "x")]
    [InlineData("--daemon", "x")]
    [InlineData("-p", "/tmp/x")]
    public void What_only_the_agent_may_say_is_refused(string option, string value) => Assert.Equal(
        ErrorCode.ConfigInvalid,
        Assert.Throws<ServiceCtlException>(() => Gunicorn(Web with { Command = [option, value] }, hasSocket: true)).Report.Code);

    [Theory]
    [InlineData("0.17.6", "--fd 3 app:app")]
    [InlineData("0.22.0", "--fd 3 --timeout-graceful-shutdown 3 app:app")]
    [InlineData("0.30.0.post1", "--fd 3 --timeout-graceful-shutdown 3 app:app")]
    [InlineData(null, "--fd 3 app:app")]
    public void Uvicorn_gets_a_graceful_timeout_where_its_version_has_one(string? version, string words) => Assert.Equal(
        words, string.Join(' ', Uvicorn(Web, hasSocket: true, version)));

    [Theory]
    [InlineData("127.0.0.1:8001", "--host 127.0.0.1 --port 8001 app:app")]
    [InlineData("[::1]:8001", "--host ::1 --port 8001 app:app")]
    [InlineData("unix:/run/web.sock", "--uds /run/web.sock app:app")]
    public void Uvicorn_on_its_own_binds_the_address(string listen, string words)
    {
        Assert.True(ListenAddress.TryParse(listen, "/", out var address));

        Assert.Equal(words, string.Join(' ', Uvicorn(Web with { Listen = address }, hasSocket: false, version: null)));
    }

    [Theory]
    [InlineData(null, "own", false)]
    [InlineData(null, "own {fd}", true)]
    [InlineData(SocketMode.Pass, "own", true)]
    [InlineData(SocketMode.Own, "own {fd}", false)]
    public void A_command_gets_a_socket_when_it_names_it_or_when_that_is_said(SocketMode? mode, string command, bool held) =>
        Assert.Equal(held, ProgramCommand.PlanSocket(Web with { Socket = mode, Command = command.Split(' ') }).IsHeld);

    [Fact]
    public void Placeholders_stand_for_the_socket_and_other_braces_are_the_program_s_own() => Assert.Equal(
        ["fd=3", "127.0.0.1:8001", "127.0.0.1", "8001", "{\"json\": 1}"],
        SocketPlaceholders.Replace(Web, ["fd={fd}", "{address}", "{host}", "{port}", "{\"json\": 1}"], hasSocket: true));

    [Theory]
    [InlineData("{fd}", "127.0.0.1:8001")]
    [InlineData("{port}", "unix:/run/web.sock")]
    [InlineData("{address}", null)]
    public void A_placeholder_that_stands_for_nothing_is_refused(string word, string? listen)
    {
        var definition = Web with { Listen = ListenAddress.TryParse(listen, "/", out var address) ? address : null };

        var error = Assert.Throws<ServiceCtlException>(() => SocketPlaceholders.Replace(definition, [word], hasSocket: false));

        Assert.Contains(word, error.Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<string> Gunicorn(ServiceDefinition definition, bool hasSocket) =>
        new GunicornOptions(Request(definition, hasSocket)).Launching();

    private static IReadOnlyList<string> Uvicorn(ServiceDefinition definition, bool hasSocket, string? version) => UvicornRunner.Arguments(
        Request(definition, hasSocket), new ServerOptions(definition, "uvicorn"),
        version is null ? null : PythonInterpreter.ParseVersion(version));

    private static LaunchRequest Request(ServiceDefinition definition, bool hasSocket) =>
        new() { Definition = definition, RunFolder = "/run/web/1", Sockets = hasSocket ? 1 : 0 };
}
