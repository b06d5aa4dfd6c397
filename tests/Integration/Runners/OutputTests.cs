using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Runners;

/// <summary>When what a program prints arrives.</summary>
public sealed class OutputTests : IAsyncDisposable
{
    private const string Loop = "import os, subprocess, sys, time\nprint('words', os.getpid(), 'of a line')\n"
        + "subprocess.run([sys.executable, '-c', \"import sys; print(sys.stdout.line_buffering, file=sys.stderr)\"], "
        + "stdout=subprocess.DEVNULL)\n"
        + "print('path', any('home/python' in entry for entry in sys.path))\ntime.sleep(1000)\n";

    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Theory]
    [InlineData("runner: command, command: [/usr/bin/python3, main.py]")]
    [InlineData("runner: command, command: [sh, -c, '/usr/bin/python3 main.py']")]
    [InlineData("runner: python, command: [main.py]")]
    public async Task A_Python_program_that_never_flushes_is_heard_line_by_line(string words)
    {
        var service = new LocalService(_home, "loop", $"service: {{{words}, ready: {{log: ^path}}}}\n", ("main.py", Loop),
            ("sitecustomize.py", "print('the other one')\n"));
        service.Replace("config.yaml", "ready:", $"environment: {{PYTHONPATH: {service.Folder}}}, ready:");

        await service.MustAsync(ServiceAction.Start);

        var log = await File.ReadAllLinesAsync(Path.Combine(_home.Paths.ServiceLogs("loop"), "output.log"),
            TestContext.Current.CancellationToken);
        Assert.Equal("the other one", log[0]);
        Assert.Matches("^words [0-9]+ of a line$", log[1]);
        // A helper that prints elsewhere keeps its buffer, and our folder is in nobody's way.
        Assert.Equal(["False", "path False"], log.Where(line => line != "the other one").Skip(1));
    }

    [Fact]
    public async Task What_an_application_under_uwsgi_prints_arrives_when_it_is_printed()
    {
        var service = new FlaskService(_home, "web", app: FlaskService.App + "\nprint('loaded', 'here')\n",
            more: "service: {ready: {log: '^loaded here$'}}");

        await service.MustAsync(ServiceAction.Start);
    }

    [Fact]
    public async Task A_program_that_has_printed_nothing_is_shown_to_be_waited_for()
    {
        var service = new LocalService(_home, "mute",
            "service: {runner: command, command: [sleep, '1000'], ready: {log: up, timeout: 1m}}\n");
        await _home.Client.Services.RegisterAsync(service.Folder, null, CancellationToken.None);
        var start = service.OrderAsync(ServiceAction.Start);

        await Condition.HoldsAsync(
            async () => (await service.StatusAsync()).Awaits?.StartsWith("nothing has been printed yet", StringComparison.Ordinal) == true,
            "it is shown");
        Assert.Contains("nothing has been printed yet", (await _home.RunAsync(service.Folder, "status")).Output, StringComparison.Ordinal);

        await service.OrderAsync(ServiceAction.Stop);
        await start;
        Assert.Null((await service.StatusAsync()).Awaits);
    }
}
