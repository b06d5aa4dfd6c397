
namespace ServiceCtl.Tests.Security;

/// <summary>
/// Root makes a virtualenv for a service's user: what is installed runs code of its own, and the folders are that user's.
/// </summary>
public sealed class HostileEnvironmentTests(Attackers attackers) : IAsyncDisposable
{
    /// <summary>A build backend that says who runs it, and what that has of root's session.</summary>
    private const string Backend = """
        import os, pathlib
        status = dict(line.split(':', 1) for line in pathlib.Path('/proc/self/status').read_text().splitlines())
        pathlib.Path('WITNESS').write_text(repr({
            'uid': os.getuid(), 'groups': os.getgroups(), 'home': os.environ.get('HOME'), 'secret': os.environ.get('ADMINS_SECRET'),
            'path': os.environ['PATH'], 'gain': status['NoNewPrivs'].strip()}))
        raise SystemExit('seen')
        """;

    private readonly Home _home = new();

    private ThrowawayUser User => attackers.Owner;

    public async ValueTask DisposeAsync()
    {
        await _home.DisposeAsync();
    }

    [Fact]
    public async Task Build_code_runs_as_the_services_user_with_nothing_of_roots_session()
    {
        var service = Service();
        var witness = Path.Combine(service.Folder, "witness");
        var package = Directory.CreateDirectory(Path.Combine(service.Folder, "acme")).FullName;
        File.WriteAllText(Path.Combine(package, "pyproject.toml"),
            "[build-system]\nrequires = []\nbuild-backend = 'backend'\nbackend-path = ['.']\n");
        File.WriteAllText(Path.Combine(package, "backend.py"), Backend.Replace("WITNESS", witness, StringComparison.Ordinal));
        File.WriteAllText(Path.Combine(service.Folder, "requirements.txt"), "./acme\n");
        User.Own(service.Folder);

        using var process = _home.Start(service.Folder, new Dictionary<string, string> { ["ADMINS_SECRET"] = "s3cret" }, "env");
        process.StandardInput.Close();
        var made = await CommandResult.OfAsync(process);

        Assert.True(File.Exists(witness), made.ToString());
        var built = File.ReadAllText(witness);
        var (id, group) = ((await User.RunAsync("id", "-u")).Output.Trim(), (await User.RunAsync("id", "-g")).Output.Trim());
        Assert.Contains($"'uid': {id}", built, StringComparison.Ordinal);
        Assert.Contains($"'groups': [{group}]", built, StringComparison.Ordinal);
        Assert.Contains("'secret': None", built, StringComparison.Ordinal);
        Assert.Contains("'gain': '1'", built, StringComparison.Ordinal);
        Assert.DoesNotContain("/root", built, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_virtualenv_for_a_user_is_that_users_also_in_a_folder_of_roots()
    {
        var service = Service();
        await RunAsync("/bin/chown", "root:root", service.Folder, service.Config);

        var made = await _home.RunAsync(service.Folder, "env");
        var again = await _home.RunAsync(service.Folder, "env", "--force");

        Assert.True(made.Code == 0 && again.Code == 0, $"{made}\n{again}");
        var owners = (await RunAsync("/usr/bin/find", service.Folder, "-path", "*/.venv-*", "-not", "-user", User.Name)).Output;
        Assert.Empty(owners);
        Assert.Equal(2, Directory.GetDirectories(service.Folder, ".venv-*").Length);
        Assert.Equal("root\n", (await RunAsync("/usr/bin/stat", "-c", "%U", Path.Combine(service.Folder, "venv"))).Output);
    }

    [Fact]
    public async Task Links_in_the_environments_folders_lead_root_nowhere()
    {
        var service = Service();
        Assert.Equal(0, (await _home.RunAsync(service.Folder, "env")).Code);
        var precious = _home.Folder("precious");
        var data = Path.Combine(precious, "data");
        File.WriteAllText(data, "root's");
        File.SetUnixFileMode(precious, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        // Old ones, to be cleaned up: one whose content leads away, one that is a link itself; the lock is a link, too.
        var old = Directory.CreateDirectory(Path.Combine(service.Folder, ".venv-20000101000000000")).FullName;
        File.WriteAllText(Path.Combine(old, ".servicectl"), "old\n");
        File.CreateSymbolicLink(Path.Combine(old, "lib"), precious);
        File.CreateSymbolicLink(Path.Combine(service.Folder, ".venv-20000101000000001"), precious);
        File.CreateSymbolicLink(Path.Combine(service.Folder, "venv.next"), data);
        File.Delete(Path.Combine(service.Folder, ".venv.lock"));
        File.CreateSymbolicLink(Path.Combine(service.Folder, ".venv.lock"), data);
        User.Own(service.Folder);
        var refused = await _home.RunAsync(service.Folder, "env", "--force");
        Assert.Equal(1, refused.Code);
        File.Delete(Path.Combine(service.Folder, ".venv.lock"));

        var made = await _home.RunAsync(service.Folder, "env", "--force");

        Assert.True(made.Code == 0, made.ToString());
        Assert.Equal("root's", File.ReadAllText(data));
        Assert.Equal([data], Directory.GetFileSystemEntries(precious));
        Assert.False(Directory.Exists(old));
    }

    [Fact]
    public async Task Requirements_that_are_a_pipe_hold_nothing_up()
    {
        var service = Service();
        await RunAsync("/usr/bin/mkfifo", Path.Combine(service.Folder, "requirements.txt"));
        User.Own(service.Folder);

        var refused = await _home.RunAsync(service.Folder, "env");

        Assert.Equal(1, refused.Code);
        Assert.Contains("not a regular file", refused.Error, StringComparison.Ordinal);
    }

    private FlaskService Service()
    {
        var service = new FlaskService(
            _home, "hostile",
            more: $"env_directory: venv\nservice: {{user: {User.Name}, venv: {{system_packages: true, python: /usr/bin/python3}}}}");
        ThrowawayUser.Open(service.Folder);
        User.Own(service.Folder);
        return service;
    }

    private static Task<CommandResult> RunAsync(string program, params string[] arguments) => CommandResult.RunAsync(program, arguments);
}
