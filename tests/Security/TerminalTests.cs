using System.Diagnostics;
using System.Text;
using System.Text.Json;
using ServiceCtl.Contracts;

namespace ServiceCtl.Tests.Security;

/// <summary>
/// A service whose output, errors, commits, branch and configuration hold what steers a terminal. Every verb is run in a terminal, as
/// people do, and none of it gets there; JSON has it as it is.
/// </summary>
public sealed class TerminalTests : IAsyncDisposable
{
    /// <summary>The title, the clipboard, a cleared screen, C1, a line written over, text that is turned, text that is not seen.</summary>
    private const string Hostile = "\e]0;pwned\a\e]52;c;cHduZWQ=\a\e[2Jx\u009b31mgood\b\b\b\bevil\rover\u202edenwp\u2066\u200b";

    /// <summary>The same for a branch, whose name git keeps free of ASCII's control characters.</summary>
    private const string HostileBranch = "main\u009b31m\u202edenwp";

    /// <summary>The start of it, as people get to see it.</summary>
    private const string Visible =
        @"\x1b]0;pwned\x07\x1b]52;c;cHduZWQ=\x07\x1b[2Jx\x9b31mgood\x08\x08\x08\x08evil\rover\u202edenwp\u2066\u200b";

    private static readonly string[] Steering = ["\e", "\a", "\b", "\u009b", "\u202e", "\u2066", "\u200b", "\rover"];

    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Fact]
    public async Task No_verb_lets_text_of_others_steer_the_terminal()
    {
        var loud = await LoudAsync();
        var broken = Service("broken", "sys.exit(1)", "");

        await ShowsAsync(Visible, broken.Folder, "start");
        foreach (var words in Verbs())
        {
            var shown = await InTerminalAsync(loud.Folder, words);
            Assert.All(Steering,
                bad => Assert.False(shown.Contains(bad, StringComparison.Ordinal),
                    $"{string.Join(' ', words)} prints U+{(int)bad[0]:X4}:\n{Uri.EscapeDataString(shown)}"));
        }

        await ShowsAsync(Visible, loud.Folder, "logs", "loud");
        await ShowsAsync(@"main\x9b31m\u202edenwp", loud.Folder, "status", "loud");
        await ShowsAsync(Visible, loud.Folder, "config", "loud", "--key", "NOTE");
        await ShowsAsync(Visible, loud.Folder, "relog", "loud", "--group");
    }

    [Fact]
    public async Task The_live_view_shows_it_without_obeying()
    {
        await LoudAsync();

        var shown = await TypedAsync("/", keys: "l", ["top"]);

        Assert.All(["\e]", "\a", "\e[2Jx", "\u009b", "\u202e", "\u2066"],
            bad => Assert.DoesNotContain(bad, shown, StringComparison.Ordinal));
        Assert.Contains(@"\x1b]0;pwned", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_and_raw_lines_have_it_as_it_is()
    {
        var loud = await LoudAsync();

        var lines = (await _home.RunAsync(loud.Folder, "logs", "loud", "--json")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains(lines,
            line => JsonDocument.Parse(line).RootElement.GetProperty("text").GetString()!.Contains(Hostile, StringComparison.Ordinal));
        Assert.Contains(Hostile, (await _home.RunAsync(loud.Folder, "logs", "loud", "--raw")).Output, StringComparison.Ordinal);
        Assert.Contains(Visible, (await _home.RunAsync(loud.Folder, "logs", "loud")).Output, StringComparison.Ordinal);
        Assert.Equal(HostileBranch, (await loud.StatusAsync()).Revision!.Branch);
    }

    private static string[][] Verbs() =>
    [
        ["status", "loud"], ["status", "*"], ["list"], ["logs", "loud"], ["logs", "*", "--timestamps"], ["events", "*", "--lines"],
        ["relog", "loud"], ["relog", "loud", "--group"],
        ["config", "loud"], ["config", "loud", "--show-source"], ["config", "check", "loud"], ["config", "template"],
        ["config", "push", "loud", "nosuch\u202e\e[2J.yaml"], ["modules", "loud"],
        ["unit", "loud"], ["tests", "loud"], ["env", "loud"], ["restart", "loud"], ["start", "nosuch\e[2J\u202e"], ["--nosuch\e[2J"],
        ["stop", "broken", "-v"],
    ];

    /// <summary>Prints it, raises it, and has it in its configuration and its commit.</summary>
    private async Task<LocalService> LoudAsync()
    {
        var loud = Service(
            "loud",
            "print('Traceback (most recent call last):\\n  File \"a.py\", line 1, in f\\nValueError: ' + text, flush=True); "
                + "sys.stdout.buffer.write(b'\\x9b31m raw\\n'); sys.stdout.flush(); time.sleep(100000)",
            $"NOTE: {JsonSerializer.Serialize(Hostile)}\nLIST: [{JsonSerializer.Serialize(Hostile)}]\n");
        string[] git = ["-c", "user.name=x", "-c", "user.email=x@x", "-C", loud.Folder];
        foreach (string[] words in new string[][] { ["init", "-q", "-b", HostileBranch], ["add", "."],
            ["commit", "-q", "-m", Hostile.ReplaceLineEndings("")] })
            Assert.Equal(0, (await CommandResult.RunAsync("/usr/bin/git", [.. git, .. words])).Code);
        await loud.MustAsync(ServiceAction.Start);
        await Condition.HoldsAsync(
            () => File.Exists(_home.Paths.ServiceOutput("loud")) && File.ReadAllText(_home.Paths.ServiceOutput("loud"))
                .Contains("raw", StringComparison.Ordinal), "it has printed");
        return loud;
    }

    private LocalService Service(string name, string then, string config) => new(
        _home, name, $"service: {{runner: command, command: [/usr/bin/python3, noisy.py]}}\n{config}",
        ("noisy.py", $"import sys, time\ntext = {Literal(Hostile)}\nprint(text, flush=True)\n{then}\n"));

    private static string Literal(string text) => $"'{string.Concat(text.Select(letter => $"\\u{(int)letter:x4}"))}'";

    private async Task ShowsAsync(string text, string folder, params string[] words)
    {
        var shown = await InTerminalAsync(folder, words);
        Assert.True(shown.Contains(text, StringComparison.Ordinal), $"{string.Join(' ', words)}: {shown}");
    }

    private Task<string> InTerminalAsync(string folder, params string[] words) => TypedAsync(folder, keys: null, words);

    /// <param name="folder">Where it is typed.</param>
    /// <param name="keys">Pressed when the view is there; null for a command that ends by itself.</param>
    /// <param name="words">The command's.</param>
    /// <returns>What reaches the terminal.</returns>
    private async Task<string> TypedAsync(string folder, string? keys, string[] words)
    {
        var command = string.Join(' ',
            words.Prepend(Home.Executable).Select(word => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'"));
        var start = new ProcessStartInfo("script", ["-qec", $"stty cols 200 rows 50; {command}", "/dev/null"])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        start.Environment["SERVICECTL_HOME"] = _home.Paths.Home;
        // .NET itself writes sequences to a terminal that understands them.
        start.Environment["TERM"] = keys is null ? "dumb" : "xterm";
        using var process = Process.Start(start)!;
        using var limit = Patience.Begin();
        var output = new StringBuilder();
        var piece = new char[4096];
        while (await process.StandardOutput.ReadAsync(piece, limit.Token) is var count and > 0)
        {
            output.Append(piece, 0, count);
            // The log of the selected service, and out again.
            if (keys is null || !output.ToString().Contains(keys == "q" ? "ValueError" : "loud", StringComparison.Ordinal))
                continue;
            process.StandardInput.Write(keys);
            process.StandardInput.Flush();
            keys = keys == "q" ? null : "q";
        }

        await process.WaitForExitAsync(limit.Token);
        return output.ToString().Replace("\r\n", "\n", StringComparison.Ordinal);
    }
}
