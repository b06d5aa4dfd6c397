using System.Diagnostics;
using ServiceCtl.Engine.Scaffolding;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Scaffolding;

/// <summary>The wrapper file in real shells.</summary>
public sealed class WrapperTests : IAsyncDisposable
{
    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Fact]
    public async Task It_works_executed_sourced_and_moved()
    {
        var service = new FlaskService(_home, "it's a \"service\" $HOME");
        service.Replace("config.yaml", "SERVICE_NAME: it's a \"service\" $HOME", "SERVICE_NAME: web\nneat_script_name: do it");
        var made = await _home.RunAsync(service.Folder, "ruffles");
        var wrapper = Path.Combine(service.Folder, "do it");
        Assert.True(made.Code == 0, made.ToString());
        var moved = Path.Combine(_home.Folder("elsewhere"), "moved");
        File.Move(wrapper, moved);

        var executed = await RunAsync("/bin/sh", "\"$0\" status", moved);
        var sourced = await RunAsync("/bin/bash",
            "before=$(set; shopt; pwd); . \"$0\" status >/dev/null; code=$?; after=$(set; shopt; pwd); "
            + "diff <(grep -v '^\\(_\\|BASH\\|PIPE\\|before\\|code\\|LINENO\\|after\\)' <<<\"$before\") <(grep -v "
            + "'^\\(_\\|BASH\\|PIPE\\|before\\|code\\|LINENO\\|after\\)' <<<\"$after\") && echo same $code", moved);
        var failing = await RunAsync("/bin/bash", ". \"$0\" no-such-verb; echo still here $?", moved);

        Assert.Equal(3, executed.Code);
        Assert.Matches(@"^service +web\n", executed.Output);
        Assert.Equal("same 3\n", sourced.Output);
        Assert.Equal("still here 2\n", failing.Output);
    }

    [Fact]
    public async Task Every_argument_arrives_exactly_and_a_missing_program_is_looked_for()
    {
        var folder = _home.Folder("f");
        var program = Path.Combine(folder, "servicectl");
        File.WriteAllText(program, "#!/bin/sh\npwd\nfor word; do printf '<%s>\\n' \"$word\"; done\nexit 9\n");
        File.SetUnixFileMode(program, (UnixFileMode)0b111_101_101);
        var wrapper = Path.Combine(folder, "wrapper");
        WrapperScript.Write(wrapper, WrapperScript.Text(folder, program, powerShell: null), force: false);
        string[] words = ["a b", "", "*", "$HOME", "it's", "\"q\"", "new\nline", "-c", "\\"];

        var known = await RunAsync(wrapper, null, words);
        WrapperScript.Write(wrapper, WrapperScript.Text(folder, "/gone/servicectl", powerShell: null), force: false);
        var onPath = await RunAsync("/bin/sh", $"PATH={folder}:$PATH; '{wrapper}' \"$@\"", ["sh", .. words]);
        var nowhere = await RunAsync("/bin/sh", $"PATH=/nowhere; '{wrapper}' x", "sh");

        var expected = folder + "\n" + string.Concat(words.Select(word => $"<{word}>\n"));
        Assert.Equal((9, expected), (known.Code, known.Output));
        Assert.Equal((9, expected), (onPath.Code, onPath.Output));
        Assert.Equal(127, nowhere.Code);
        Assert.Contains("Nothing was done", nowhere.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_somebody_else_is_left_alone_unless_forced()
    {
        var service = new FlaskService(_home, "web");
        var path = Path.Combine(service.Folder, "service");
        File.WriteAllText(path, "mine\n");

        var refused = await _home.RunAsync(service.Folder, "ruffles");
        var kept = File.ReadAllText(path);
        var forced = await _home.RunAsync(service.Folder, "ruffles", "--force");
        var again = await _home.RunAsync(service.Folder, "ruffles");

        Assert.Equal(1, refused.Code);
        Assert.Contains("is no wrapper of ours", refused.Error, StringComparison.Ordinal);
        Assert.Equal("mine\n", kept);
        Assert.Equal((0, 0), (forced.Code, again.Code));
        Assert.True(File.GetUnixFileMode(path).HasFlag(UnixFileMode.OtherExecute));
    }

    [Fact]
    public async Task A_name_that_is_a_path_is_refused_with_its_place()
    {
        var service = new FlaskService(_home, "web");
        service.Replace("config.yaml", "SERVICE_NAME: web", "SERVICE_NAME: web\nneat_script_name: ../service");

        var result = await _home.RunAsync(service.Folder, "ruffles");

        Assert.Equal(1, result.Code);
        Assert.Contains($"{service.Config}:2:", result.Error, StringComparison.Ordinal);
    }

    private async Task<CommandResult> RunAsync(string program, string? script, params string[] words)
    {
        var start = new ProcessStartInfo(program, script is null ? words : ["-c", script, .. words])
        {
            WorkingDirectory = "/",
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["SERVICECTL_HOME"] = _home.Paths.Home;
        using var process = Process.Start(start)!;
        return await CommandResult.OfAsync(process);
    }
}
