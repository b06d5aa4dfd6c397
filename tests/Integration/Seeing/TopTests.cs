using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Seeing;

/// <summary>The live view in a terminal, which script(1) makes.</summary>
public sealed partial class TopTests : IAsyncDisposable
{
    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Fact]
    public async Task Keys_select_restart_read_filter_and_stop_and_the_terminal_is_given_back()
    {
        var web = new FlaskService(_home, "web");
        var printer = Printer.Of(_home, "printer", "echo 'a line of the log'\nexec sleep 600");
        await web.MustAsync(ServiceAction.Start);
        await printer.MustAsync(ServiceAction.Start);
        await using var terminal = new TestTerminal(_home);

        await terminal.ShowsAsync("2 services, 2 running");
        await terminal.ShowsAsync($"127.0.0.1:{web.Port}");
        terminal.Press("l");
        await terminal.ShowsAsync("a line of the log");
        terminal.Press("l");
        await terminal.ShowsAsync("NAME");
        terminal.Press("jr");
        await terminal.ShowsAsync("web was restarted");
        Assert.Equal(2, (await web.StatusAsync()).Generation);
        terminal.Press("/print\r");
        await terminal.ShowsAsync("1 match 'print'");
        terminal.Press("s");
        await terminal.ShowsAsync("Stop printer? y/n");
        terminal.Press("y");
        await terminal.ShowsAsync("printer was stopped");
        terminal.Press("q");

        Assert.Equal(0, await terminal.ExitCodeAsync());
        Assert.EndsWith("\e[?25h\e[?1049l", terminal.Raw.TrimEnd(), StringComparison.Ordinal);
        Assert.Equal(ServiceState.Stopped, (await printer.StatusAsync()).State);
    }

    [Fact]
    public async Task A_new_agent_is_waited_for_and_ctrl_c_ends_the_view()
    {
        await Printer.Of(_home, "printer", "exec sleep 600").MustAsync(ServiceAction.Start);
        await using var terminal = new TestTerminal(_home);
        await terminal.ShowsAsync("1 service, 1 running");
        await _home.KillAgentAsync();
        await terminal.ShowsAsync("No agent answers");
        await _home.Client.Agent.StartAsync(default);
        await terminal.ShowsAsync("1 service, 1 running");
        terminal.Press("\u0003");

        Assert.Equal(130, await terminal.ExitCodeAsync());
        Assert.EndsWith("\e[?25h\e[?1049l", terminal.Raw.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_terminal_there_is_one_plain_table()
    {
        await Printer.Of(_home, "printer", "exec sleep 600").MustAsync(ServiceAction.Start);
        var result = await _home.RunAsync("/", "top");
        Assert.Equal(0, result.Code);
        Assert.Matches(@"^NAME +STATE.*\nprinter +Running", result.Output);
        Assert.DoesNotContain('\e', result.Output);
    }

    /// <summary><c>servicectl top</c> in a terminal of 30 lines of 120 characters.</summary>
    private sealed partial class TestTerminal : IAsyncDisposable
    {
        private readonly Process _script;
        private readonly StringBuilder _output = new();
        private readonly Task _reading;
        private int _seen;

        public TestTerminal(Home home)
        {
            var start = new ProcessStartInfo("script",
                ["--quiet", "--return", "--command", $"stty rows 30 cols 120; exec '{Home.Executable}' top '*'", "/dev/null"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                WorkingDirectory = "/",
            };
            start.Environment["SERVICECTL_HOME"] = home.Paths.Home;
            start.Environment["TERM"] = "xterm-256color";
            _script = Process.Start(start)!;
            _reading = Task.Run(ReadAsync);
        }

        public string Raw
        {
            get
            {
                lock (_output)
                    return _output.ToString();
            }
        }

        public void Press(string keys)
        {
            lock (_output)
                _seen = _output.Length;
            _script.StandardInput.Write(keys);
            _script.StandardInput.Flush();
        }

        /// <summary>Waits until a text is drawn after the last key.</summary>
        public async Task ShowsAsync(string text)
        {
            using var limit = Patience.Begin();
            while (!Plain().Contains(text, StringComparison.Ordinal))
            {
                Assert.False(limit.IsCancellationRequested,
                    $"'{text}' is not shown; what is: {Plain()[Math.Max(Plain().Length - 3000, 0)..]}");
                await Task.Delay(50);
            }

            string Plain() => Escape().Replace(Raw[_seen..], "");
        }

        public async Task<int> ExitCodeAsync()
        {
            using var limit = Patience.Begin();
            await _script.WaitForExitAsync(limit.Token);
            await _reading;
            return _script.ExitCode;
        }

        public async ValueTask DisposeAsync()
        {
            if (!_script.HasExited)
                _script.Kill(entireProcessTree: true);
            await _reading;
            _script.Dispose();
        }

        private async Task ReadAsync()
        {
            var buffer = new char[4096];
            while (await _script.StandardOutput.ReadAsync(buffer) is var count and > 0)
            {
                lock (_output)
                    _output.Append(buffer, 0, count);
            }
        }

        [GeneratedRegex(@"\e\[[0-9;?]*[a-zA-Z]")]
        private static partial Regex Escape();
    }
}
