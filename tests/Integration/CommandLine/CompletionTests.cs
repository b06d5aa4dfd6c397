using System.Diagnostics;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.CommandLine;

/// <summary>The Tab key, in real shells. PowerShell's is in tests/Pester/CommandCompletion.Tests.ps1.</summary>
public sealed class CompletionTests : IAsyncDisposable
{
    private const string Bash = """
        source <(servicectl completion bash)
        COMP_LINE=$1 COMP_POINT=${#1}
        _servicectl 2>/dev/null
        printf '%s\n' "${COMPREPLY[@]}"
        complete -p servicectl >/dev/null
        """;

    // The widgets that draw on a terminal are left out; what they are given is printed.
    private const string Zsh = """
        autoload -Uz compinit && compinit -D -u
        eval "$(servicectl completion zsh)"
        [[ $_comps[servicectl] == _servicectl ]] || exit 9
        _describe() { print -rl -- ${${(P)3}%%:*} }
        _files() { print FILES }
        words=("${(@s: :)1}") CURRENT=${#${(@s: :)1}}
        _servicectl
        """;

    private const string Fish = """
        servicectl completion fish | source
        complete --do-complete $argv[1]
        """;

    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Theory]
    [InlineData("servicectl sta", "start status")]
    [InlineData("servicectl agent st", "start status stop")]
    [InlineData("servicectl stop web-", "web-a web-b")]
    [InlineData("servicectl start --time", "--timeout")]
    [InlineData("servicectl start --consul=o", "off on")]
    [InlineData("servicectl config --set service.stop.mode=d", "")]
    [InlineData("servicectl config --set service.stop.t", "service.stop.timeout=")]
    [InlineData("servicectl completion ", "bash fish pwsh zsh")]
    public async Task Bash_completes(string typed, string expected)
    {
        await RegisterAsync();

        var result = await RunAsync("/bin/bash", "--norc", "-c", Bash, "bash", typed);

        Assert.True(result is { Code: 0, Error: "" }, result.ToString());
        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries), Words(result));
    }

    [Theory]
    [InlineData("servicectl sta", "start status")]
    [InlineData("servicectl agent st", "start status stop")]
    [InlineData("servicectl stop web-", "web-a web-b")]
    [InlineData("servicectl config --key service.stop.t", "service.stop.timeout")]
    [InlineData("servicectl register ./no", "FILES")]
    public async Task Zsh_completes(string typed, string expected)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/zsh"), "this host has no zsh");
        await RegisterAsync();

        var result = await RunAsync("/usr/bin/zsh", "-f", "-c", Zsh, "zsh", typed);

        Assert.True(result.Code == 0, result.ToString());
        Assert.Equal(expected.Split(' '), Words(result));
    }

    [Theory]
    [InlineData("servicectl sta", "start status")]
    [InlineData("servicectl agent st", "start status stop")]
    [InlineData("servicectl stop web-", "web-a web-b")]
    [InlineData("servicectl start --time", "--timeout")]
    public async Task Fish_completes(string typed, string expected)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/fish"), "this host has no fish");
        await RegisterAsync();

        var result = await RunAsync("/usr/bin/fish", "--no-config", "-c", Fish, typed);

        Assert.True(result.Code == 0, result.ToString());
        Assert.Equal(expected.Split(' '), Words(result));
        if (typed.EndsWith("sta", StringComparison.Ordinal))
            Assert.Contains("start\tStart services, and wait until they are ready.", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_agent_names_come_from_the_disk_and_none_is_started()
    {
        await RegisterAsync();
        await _home.RunAsync("/", "agent", "stop");

        var result = await _home.RunAsync("/", "__complete", "restart", "web");

        Assert.Equal(["web-a", "web-b"], Words(result));
        Assert.False(File.Exists(_home.Paths.Socket));
    }

    private static IEnumerable<string> Words(CommandResult result) =>
        result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')[0]).Order(StringComparer.Ordinal);

    private async Task RegisterAsync()
    {
        foreach (var name in (string[])["web-a", "web-b"])
            await _home.Client.Services.RegisterAsync(Sleepers.Create(_home, name).Folder, null, CancellationToken.None);
    }

    private async Task<CommandResult> RunAsync(string shell, params string[] arguments)
    {
        var start = new ProcessStartInfo(shell, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/"
        };
        start.Environment["SERVICECTL_HOME"] = _home.Paths.Home;
        start.Environment["HOME"] = _home.Folder("shell");
        start.Environment["PATH"] = $"{Path.GetDirectoryName(Home.Executable)}:{Environment.GetEnvironmentVariable("PATH")}";
        using var process = Process.Start(start)!;
        return await CommandResult.OfAsync(process);
    }
}
