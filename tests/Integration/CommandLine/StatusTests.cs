using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.CommandLine;

/// <summary><c>servicectl status</c>, which prints what the agent says, and the agent's answer itself, asked for with curl.</summary>
public sealed class StatusTests : IAsyncDisposable
{
    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Fact]
    public async Task Several_are_a_table_and_one_is_a_page_and_the_agent_says_the_same_to_everybody()
    {
        await RegisterAsync("web-a", "web-b");

        var table = await _home.RunAsync("/", "status", "*");
        var page = await _home.RunAsync("/", "status", "web-a");

        Assert.Equal(
            """
            NAME   STATE    PID  UP  LISTENS ON  MEMORY  CPU  COMMIT
            web-a  Stopped  -    -   -           -       -    -
            web-b  Stopped  -    -   -           -       -    -

            """,
            table.Output);
        Assert.Equal(table.Output, (await AskAsync("status", "Accept: text/plain")).Body);
        Assert.StartsWith("service     web-a\nstate       Stopped\n", page.Output, StringComparison.Ordinal);
        Assert.Contains("\ncommit      not a git checkout\n", page.Output, StringComparison.Ordinal);
        Assert.Equal(page.Output, (await AskAsync("status?name=web-a", "Accept: text/plain")).Body);
        Assert.Equal("No service matches 'nobody-*'.\n", (await _home.RunAsync("/", "status", "nobody-*")).Output);
        Assert.Equal("No service matches 'nobody-*'.\n", (await _home.RunAsync("/", "top", "nobody-*")).Output);
    }

    [Fact]
    public async Task Without_services_it_says_so() =>
        Assert.Equal("No services are registered.\n", (await _home.RunAsync("/", "status")).Output);

    [Fact]
    public async Task The_table_shows_problems_and_a_terminal_gets_colours()
    {
        await Sleepers.Create(_home, "good").MustAsync(ServiceAction.Start);
        var bad = Sleepers.Create(_home, "bad", "restart: {when: never}", script: "exec sleep 1000");
        await bad.MustAsync(ServiceAction.Start);
        using (var process = Process.GetProcessById((await bad.StatusAsync()).Pid!.Value))
            process.Kill();
        await Condition.HoldsAsync(async () => (await bad.StatusAsync()) is { State: ServiceState.Failed, Problem: not null },
            "bad has failed");

        var table = (await _home.RunAsync("/", "status")).Output;
        var terminal = await OnTerminalAsync("status");
        var colorless = await OnTerminalAsync("status", "NO_COLOR=1");

        Assert.Matches(@"\nbad +Failed .*\n  ! \S.*\ngood +Running ", table);
        Assert.DoesNotContain('\e', table);
        Assert.Contains("\e[31mFailed\e[0m", terminal, StringComparison.Ordinal);
        Assert.Contains("\e[32mRunning\e[0m", terminal, StringComparison.Ordinal);
        Assert.Contains("\e[32mRunning\e[0m", await OnTerminalAsync("status good"), StringComparison.Ordinal);
        Assert.DoesNotContain("\e[3", colorless, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watched_it_is_printed_again_and_again_until_Ctrl_C_or_until_nobody_reads()
    {
        await RegisterAsync("web-a", "web-b");

        using var watch = _home.Start("/", "status", "--watch", "--interval", "100ms");
        for (var headings = 0; headings < 3;)
            headings += (await watch.StandardOutput.ReadLineAsync())!.StartsWith("NAME ", StringComparison.Ordinal) ? 1 : 0;
        await RunAsync("/bin/kill", "-INT", $"{watch.Id}");
        await watch.WaitForExitAsync();
        Assert.Equal(130, watch.ExitCode);

        using var unread = _home.Start("/", "status", "--watch", "--interval", "100ms");
        await unread.StandardOutput.ReadLineAsync();
        unread.StandardOutput.Close();
        await unread.WaitForExitAsync();
        Assert.Equal(0, unread.ExitCode);
    }

    [Fact]
    public async Task Json_is_the_agents_own()
    {
        await RegisterAsync("web-a", "web-b");

        var printed = await _home.RunAsync("/", "status", "web-*", "--json");

        Assert.Equal(printed.Output, (await AskAsync("status", "Accept: application/json")).Body + "\n");
        Assert.Equal(printed.Output, (await AskAsync("status")).Body + "\n");
        Assert.Equal(printed.Output, (await AskAsync("status", "Accept: text/plain;q=0.5, application/json")).Body + "\n");
        Assert.Equal(["web-a", "web-b"],
            JsonDocument.Parse(printed.Output).RootElement.EnumerateArray().Select(status => status.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task It_ends_with_3_when_one_that_was_asked_for_does_not_run()
    {
        var runs = Sleepers.Create(_home, "runs");
        await runs.MustAsync(ServiceAction.Start);
        await RegisterAsync("rests");

        Assert.Equal(0, (await _home.RunAsync("/", "status", "runs")).Code);
        Assert.Equal(0, (await _home.RunAsync("/", "status", "runs", "--json")).Code);
        Assert.Equal(3, (await _home.RunAsync("/", "status", "*")).Code);
        Assert.Equal(3, (await _home.RunAsync("/", "status", "rests", "--json")).Code);
        // Nobody was asked for here.
        Assert.Equal(0, (await _home.RunAsync("/", "status")).Code);
        Assert.Contains("ServiceCtl-Not-Running: 1\r\n", (await AskAsync("status")).Head, StringComparison.Ordinal);
        Assert.Matches(@"\nruns +Running +\d+ +\d+\.\ds +- +\d+ MiB", (await _home.RunAsync("/", "status")).Output);
    }

    [Fact]
    public async Task What_goes_wrong_is_a_report_even_for_who_wants_text()
    {
        await RegisterAsync("web");

        var unknown = await _home.RunAsync("/", "status", "nobody");
        var answer = await AskAsync("status?name=nobody", "Accept: text/plain");
        var unclear = await AskAsync("status?commits=perhaps");

        Assert.Equal(1, unknown.Code);
        Assert.Empty(unknown.Output);
        Assert.Contains("No service named nobody", unknown.Error, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 404", answer.Head, StringComparison.Ordinal);
        Assert.Equal("ServiceNotFound", JsonDocument.Parse(answer.Body).RootElement.GetProperty("code").GetString());
        Assert.StartsWith("HTTP/1.1 400", unclear.Head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_agent_reads_the_commits_unless_nobody_wants_them()
    {
        var service = Sleepers.Create(_home, "web");
        var commit = Commit(service.Folder);
        await _home.Client.Services.RegisterAsync(service.Folder, null, CancellationToken.None);

        var status = JsonDocument.Parse((await AskAsync("status")).Body).RootElement[0];

        Assert.Equal(commit, status.GetProperty("revision").GetProperty("commit").GetString());
        Assert.Equal("main", status.GetProperty("revision").GetProperty("branch").GetString());
        Assert.False(JsonDocument.Parse((await AskAsync("status?commits=false")).Body).RootElement[0].TryGetProperty("revision", out _));
        Assert.Null(Assert.Single(await _home.Client.Services.GetFiguresAsync([], CancellationToken.None)).Revision);
        Assert.Equal(commit, (await service.StatusAsync()).Revision?.Commit);
        Assert.Contains($"commit      {commit[..7]} (main) All of it\n", (await _home.RunAsync("/", "status", "web")).Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_checkout_that_hangs_costs_its_limit_once_and_the_others_nothing()
    {
        var (hanging, other) = (Sleepers.Create(_home, "hanging"), Sleepers.Create(_home, "other"));
        Commit(hanging.Folder);
        var commit = Commit(other.Folder);
        // Whoever opens a named pipe that nobody writes into waits in the kernel, as for a file of a server that is gone.
        var (config, pipe) = (Path.Combine(hanging.Folder, ".git", "config"), Path.Combine(hanging.Folder, ".git", "pipe"));
        File.Move(config, config + ".real");
        await RunAsync("mkfifo", pipe);
        File.CreateSymbolicLink(config, pipe);
        await _home.Client.Services.RegisterAsync(hanging.Folder, null, CancellationToken.None);
        await _home.Client.Services.RegisterAsync(other.Folder, null, CancellationToken.None);

        var first = await _home.Client.Services.GetStatusAsync([], CancellationToken.None);
        var second = await _home.Client.Services.GetStatusAsync([], CancellationToken.None);

        Assert.Equal($"reading the git checkout of {hanging.Folder} took longer than 2 s", first[0].Problem);
        Assert.Equal($"the git checkout of {hanging.Folder} is still being read for somebody who has given up waiting", second[0].Problem);
        Assert.All([first[1], second[1]], status => Assert.Equal(commit, status.Revision?.Commit));

        File.Move(config + ".real", config, overwrite: true);
        await RunAsync("sh", "-c", ": > \"$0\"", pipe);
        await Condition.HoldsAsync(async () => (await hanging.StatusAsync()).Revision is not null, "the read has ended");
    }

    [Fact]
    public async Task An_agent_that_does_not_say_who_runs_is_not_believed()
    {
        Directory.CreateDirectory(_home.Paths.Home);
        using var older = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        older.Bind(new UnixDomainSocketEndPoint(_home.Paths.Socket));
        older.Listen();
        var command = _home.RunAsync("/", "status", "*");
        while (!command.IsCompleted)
        {
            var accepted = older.AcceptAsync();
            if (await Task.WhenAny(accepted, command) == command)
                break;
            using var client = await accepted;
            // The first connection only asks whether anybody listens.
            if (await client.ReceiveAsync(new byte[4096]) > 0)
                await client.SendAsync(
                    Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n[]"));
        }

        var result = await command;
        older.Close();
        File.Delete(_home.Paths.Socket);
        Assert.Equal(1, result.Code);
        Assert.Contains("another version", result.Error, StringComparison.Ordinal);
    }

    /// <summary>What a terminal would get.</summary>
    private async Task<string> OnTerminalAsync(string words, string variable = "ANY=1")
    {
        var start = new ProcessStartInfo("/usr/bin/script",
            ["--quiet", "--return", "--command", $"env {variable} {Home.Executable} {words}", "/dev/null"])
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true
        };
        start.Environment["SERVICECTL_HOME"] = _home.Paths.Home;
        start.Environment["TERM"] = "xterm";
        start.Environment.Remove("NO_COLOR");
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output;
    }

    private async Task RegisterAsync(params string[] names)
    {
        foreach (var name in names)
            await _home.Client.Services.RegisterAsync(Sleepers.Create(_home, name).Folder, null, CancellationToken.None);
    }

    private static string Commit(string folder)
    {
        Git.TemporaryRepository.RunGit(folder, "init", "--quiet", "--initial-branch=main");
        Git.TemporaryRepository.RunGit(folder, "add", "--all");
        Git.TemporaryRepository.RunGit(folder, "commit", "--quiet", "--message", "All of it");
        return Git.TemporaryRepository.RunGit(folder, "rev-parse", "HEAD");
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }

    private async Task<(string Head, string Body)> AskAsync(string path, string header = "Accept: */*")
    {
        await _home.Client.Agent.StartAsync(CancellationToken.None);
        var start = new ProcessStartInfo("/usr/bin/curl",
            ["-s", "-i", "-H", header, "--unix-socket", _home.Paths.Socket, $"http://agent/v1/{path}"])
        { RedirectStandardOutput = true };
        using var curl = Process.Start(start)!;
        var answer = await curl.StandardOutput.ReadToEndAsync();
        await curl.WaitForExitAsync();
        var end = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        return (answer[..end], answer[end..]);
    }
}
