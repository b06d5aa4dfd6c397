using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.CommandLine;

/// <summary>
/// Whatever is typed ends in a documented exit code. Ten thousand more are tried in process: ArgumentFuzzTests of the unit suite.
/// </summary>
public sealed partial class ArgumentTests : IAsyncDisposable
{
    private const int Seed = 16;
    private const int Vectors = 300;

    /// <summary>They run until they are interrupted.</summary>
    private static readonly string[] Endless = ["--follow", "--watch"];

    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    /// <summary>System.CommandLine took 49 s for these.</summary>
    [Theory]
    [InlineData("status")]
    [InlineData("nosuchverb")]
    [InlineData("exec", "web", "--", "/bin/true")]
    [InlineData("__complete", "status")]
    public async Task Tens_of_thousands_of_words_are_refused_at_once(params string[] begin)
    {
        var limited = await CommandResult.RunAsync(
            "/bin/sh", ["-c", "ulimit -t 15; exec \"$@\"", "sh", Home.Executable, .. begin, .. Enumerable.Repeat("w", 65_541)]);

        Assert.Equal(2, limited.Code);
        var words = string.Create(CultureInfo.InvariantCulture, $"{65_541 + begin.Length:N0} words");
        Assert.Contains($"The command line has {words}, and 10,000 are the most.", limited.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Three_hundred_random_command_lines_end_in_documented_exit_codes()
    {
        var service = Sleepers.Create(_home, "web");
        var options = new Dictionary<string, string[]>();
        await FindVerbsAsync("", options);
        Assert.Contains("--at-boot", options["register"]);

        // What --at-boot would touch is covered, and all that is left running ends with the namespace.
        var script = Path.Combine(AppContext.BaseDirectory, "vectors.py");
        string[] isolated =
        [
            .. Environment.IsPrivilegedProcess ? [] : new[] { "--map-root-user" }, "--mount", "--pid", "--fork", "--kill-child",
            "--mount-proc", "/bin/sh", "-c",
            "for folder in /etc/systemd /etc/init.d /etc/rc?.d /run/systemd; do [ ! -d $folder ] || mount -t tmpfs tmpfs $folder || exit "
                + "99; done; exec \"$@\"", "sh",
            "/usr/bin/python3", script, Home.Executable, Path.GetDirectoryName(service.Folder)!, $"{Seed}", $"{Vectors}",
        ];
        var start = new ProcessStartInfo("/usr/bin/unshare", isolated)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true
        };
        start.Environment["SERVICECTL_HOME"] = _home.Paths.Home;
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(JsonSerializer.Serialize(options));
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();

        Assert.SkipWhen(process.ExitCode == 99 || Refused().IsMatch(await error), "this host allows no namespaces");
        Assert.True(process.ExitCode == 0, await error);
        // A line before the last is a vector that ended otherwise, with what it said.
        var lines = (await output).TrimEnd().Split('\n');
        Assert.True(lines is [var summary] && summary.StartsWith($"{Vectors} vectors: ", StringComparison.Ordinal), await output);
    }

    [Theory]
    [InlineData("'10x'", "start", "web", "--timeout", "10x")]
    [InlineData("'abc'", "logs", "-n", "abc")]
    [InlineData("from 0 to 2147483647", "logs", "-n", "99999999999")]
    [InlineData("'x'", "events", "-n", "x")]
    [InlineData("from 1 to 65535", "host", "-p", "99999")]
    [InlineData("started, stopped, restarted", "events", "--kind", "foo")]
    [InlineData("Did you mean 'start'?", "strat")]
    [InlineData("Did you mean 'start'?", "strat", "--help")]
    [InlineData("Did you mean 'start'?", "help", "strat")]
    [InlineData("Did you mean 'status'?", "agent", "statsu", "-h")]
    [InlineData("regular expression", "logs", "--grep", "(")]
    [InlineData("can't be empty", "register", "")]
    public async Task A_bad_value_ends_with_2_and_says_what_would_be_right(string reason, params string[] arguments)
    {
        var result = await _home.RunAsync("/", arguments);

        Assert.True(result.Code == 2, result.ToString());
        Assert.Contains(reason, result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
        Assert.False(Directory.Exists(_home.Paths.Home));
    }

    [Fact]
    public async Task Help_version_list_and_the_agent_are_where_one_looks_for_them()
    {
        var help = await _home.RunAsync("/", "help");
        Assert.Equal(0, help.Code);
        Assert.Equal(help.Output, (await _home.RunAsync("/", "--help")).Output);
        Assert.Equal((await _home.RunAsync("/", "help", "config", "check")).Output,
            (await _home.RunAsync("/", "config", "check", "--help")).Output);
        Assert.StartsWith("Usage: servicectl restart [NAME...]", (await _home.RunAsync("/", "restart", "--nosuch", "-h")).Output,
            StringComparison.Ordinal);
        Assert.Equal(2, (await _home.RunAsync("/", "help", "nosuch")).Code);

        var version = (await _home.RunAsync("/", "version")).Output;
        Assert.Matches(@"\Aservicectl \d+\.\d+\.\d+\S*\n\z", version);
        Assert.Equal(version, (await _home.RunAsync("/", "-V")).Output);
        Assert.Equal(version, (await _home.RunAsync("/", "--version")).Output);
        Assert.Equal(3, (await _home.RunAsync("/", "agent")).Code);
        Assert.Equal("No services are registered.\n", (await _home.RunAsync("/", "config", "--key", "service.runner")).Error);
        Assert.False(Directory.Exists(_home.Paths.Home));

        var service = Sleepers.Create(_home, "web");
        await _home.RunAsync("/", "register", service.Folder);
        Assert.Equal($"web  Stopped     -         {service.Folder}/config.yaml\n", (await _home.RunAsync("/", "list")).Output);
        Assert.StartsWith("Agent ", (await _home.RunAsync("/", "agent")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Quiet_leaves_the_exit_code_and_errors_and_verbose_adds_steps_and_codes()
    {
        var service = Sleepers.Create(_home, "web");

        var start = await _home.RunAsync(service.Folder, "start", "-v");
        var again = await _home.RunAsync("/", "-q", "start", "web");
        var running = await _home.RunAsync("/", "status", "web", "-q");
        var json = await _home.RunAsync("/", "status", "web", "--json", "--quiet");
        var stop = await _home.RunAsync("/", "stop", "web", "--quiet");
        var stopped = await _home.RunAsync("/", "status", "web", "-q");
        var unknown = await _home.RunAsync("/", "status", "nobody", "-qv");

        Assert.True(start.Code == 0, start.ToString());
        Assert.Contains("  web: ", start.Error, StringComparison.Ordinal);
        Assert.All([again, running, json, stop], result => Assert.Equal((0, "", ""), (result.Code, result.Output, result.Error)));
        Assert.Equal((3, "", ""), (stopped.Code, stopped.Output, stopped.Error));
        Assert.Contains("No service named nobody", unknown.Error, StringComparison.Ordinal);
        Assert.Contains("code: ServiceNotFound, target: nobody", unknown.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Advice_in_a_shell_speaks_of_commands()
    {
        var unknown = await _home.RunAsync("/", "start", "nobody");

        Assert.Contains("'servicectl list'", unknown.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("PyService", unknown.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Man_pages_of_all_verbs_are_written_and_are_read_by_man()
    {
        var folder = _home.Folder("man1");

        var written = await _home.RunAsync("/", "man", "-d", folder);

        Assert.True(written.Code == 0, written.ToString());
        Assert.True(File.Exists(Path.Combine(folder, "servicectl.1.gz")));
        Assert.True(File.Exists(Path.Combine(folder, "servicectl-config-check.1.gz")));
        if (!File.Exists("/usr/bin/man"))
            return;
        var start = new ProcessStartInfo("/usr/bin/man", ["--warnings", "--local-file", Path.Combine(folder, "servicectl-restart.1.gz")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["MANWIDTH"] = "100", ["LC_ALL"] = "C.UTF-8" },
        };
        using var man = Process.Start(start)!;
        var page = await CommandResult.OfAsync(man);
        Assert.True(page is { Code: 0, Error: "" }, page.ToString());
        Assert.Contains("servicectl restart [NAME...] [OPTIONS]", page.Output, StringComparison.Ordinal);
    }

    /// <summary>Every verb with its options, as the command itself completes them.</summary>
    private async Task FindVerbsAsync(string verb, Dictionary<string, string[]> options)
    {
        string[] words = verb.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        options[verb] = [.. (await CompleteAsync([.. words, "-"])).Except(Endless)];
        foreach (var below in words is ["help" or "man" or "completion", ..] ? [] : await CompleteAsync([.. words, ""]))
        {
            // 'agent run' is the agent; 'run' alone ends, since there is nothing to run here.
            if (verb is "" or "agent" or "config" or "modules" && $"{verb} {below}" != "agent run")
                await FindVerbsAsync($"{verb} {below}".Trim(), options);
        }
    }

    private async Task<string[]> CompleteAsync(string[] words) =>
        [.. (await _home.RunAsync("/", ["__complete", .. words])).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('\t')[0])];

    [GeneratedRegex("^unshare: .*(not permitted|denied)", RegexOptions.Multiline)]
    private static partial Regex Refused();
}
