using System.Diagnostics;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Agent;

/// <summary>Services get what is theirs, whoever needed the agent first.</summary>
public sealed class SessionTests : IAsyncDisposable
{
    private const string Show =
        "#!/bin/sh\necho \"umask $(umask) files $(ulimit -Sn) size $(ulimit -Sf) home $HOME path $PATH lang $LANG:$LC_ALL tmp $TMPDIR zone "
            + "$TZ nice $(nice)\"\nexec sleep 1000\n";

    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Fact]
    public async Task A_session_with_habits_of_its_own_does_not_leak_into_services()
    {
        var (odd, bare) = (new Home(), new Home());
        await using (odd)
        await using (bare)
        {
            var first = await ShownAsync(odd,
                "umask 077; ulimit -Sn 200; ulimit -Sf 100000; export PATH=/opt/odd:$PATH HOME=/tmp LANG=de_DE.UTF-8 LC_ALL=POSIX "
                    + "TMPDIR=/nowhere TZ=Asia/Tokyo;" + (Environment.IsPrivilegedProcess ? "renice -n 1 $$ >/dev/null;" : ""));
            var second = await ShownAsync(bare, "unset HOME USER LANG LC_ALL;");

            Assert.Equal(first, second);
            Assert.Matches(
                "^umask 0?022 files [0-9]+ size unlimited home /[^ ]* path "
                    + "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin(:[^ ]*/.local/bin)? lang C.UTF-8: tmp  zone  nice "
                    + "-?[0-9]+$", first);
            if (Environment.IsPrivilegedProcess)
                Assert.EndsWith(" nice 0", first, StringComparison.Ordinal);
            Assert.DoesNotContain("files 200 ", first, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("umask: '0027', limits: {open_files: 300}, environment: {PATH: /usr/bin:/bin, LANG: C}",
        "umask 0?027 files 300 .* path /usr/bin:/bin lang C: ")]
    [InlineData("umask: 0o077", "umask 0?077 ")]
    public async Task Its_own_configuration_says_otherwise(string words, string shown)
    {
        var service = new LocalService(_home, "own",
            $"service: {{runner: command, command: [./show.sh], ready: {{log: umask}}, {words}}}\n", ("show.sh", Show));

        await service.MustAsync(ServiceAction.Start);

        Assert.Matches(shown, File.ReadAllText(Path.Combine(_home.Paths.ServiceLogs("own"), "output.log")));
    }

    [Theory]
    [InlineData("umask: '0888'")]
    [InlineData("umask: '07777'")]
    public async Task A_umask_that_is_none_is_told(string words)
    {
        var service = new LocalService(_home, "own", $"service: {{runner: command, command: [./show.sh], {words}}}\n");

        Assert.Contains("umask in octal", (await _home.RunAsync(service.Folder, "config", "check")).Output, StringComparison.Ordinal);
    }

    private static async Task<string> ShownAsync(Home home, string session)
    {
        var service = new LocalService(home, "shown", "service: {runner: command, command: [./show.sh], ready: {log: umask}}\n",
            ("show.sh", Show));
        var start = new ProcessStartInfo("/bin/bash", ["-c", session + " exec \"$@\"", "bash", Home.Executable, "start"])
        {
            WorkingDirectory = service.Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["SERVICECTL_HOME"] = home.Paths.Home;
        using var process = Process.Start(start)!;
        var result = await CommandResult.OfAsync(process);
        Assert.True(result.Code == 0, result.ToString());
        return File.ReadAllText(Path.Combine(home.Paths.ServiceLogs("shown"), "output.log")).TrimEnd('\n');
    }
}
