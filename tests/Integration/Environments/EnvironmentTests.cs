using System.IO.Compression;
using System.Security.Cryptography;
using ServiceCtl.Client;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Environments;

/// <summary>Virtualenvs by the real venv and pip, from a folder with wheels.</summary>
public sealed class EnvironmentTests : IAsyncDisposable
{
    private readonly Home _home = new();
    private readonly string _wheels;
    private readonly FlaskService _service;

    public EnvironmentTests()
    {
        _wheels = _home.Folder("wheels");
        _service = new FlaskService(_home, "web",
            more: $"env_directory: venv\nservice: {{venv: {{wheels: {_wheels}, system_packages: true, python: /usr/bin/python3}}}}");
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Environment => Path.Combine(_service.Folder, "venv");

    private string Requirements => Path.Combine(_service.Folder, "requirements.txt");

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Fact]
    public async Task It_is_made_once_and_made_anew_beside_the_old_one_when_what_it_is_made_of_changes()
    {
        Wheel("acme", "1.0");
        Wheel("acme", "2.0");
        File.WriteAllText(Requirements, "-r more.txt\n");
        File.WriteAllText(Path.Combine(_service.Folder, "more.txt"), "acme==1.0\n");
        await _home.Client.Services.RegisterAsync(_service.Folder, null, Cancellation);

        var mine = Directory.CreateDirectory(Path.Combine(_service.Folder, ".venv-mine"));

        var first = await MakeAsync();
        var second = await MakeAsync();
        File.WriteAllText(Path.Combine(_service.Folder, "more.txt"), "acme==2.0\n");
        var third = await MakeAsync();

        Assert.Equal([EnvironmentChange.Created, EnvironmentChange.None, EnvironmentChange.Replaced],
            [first.Change, second.Change, third.Change]);
        Assert.Contains("acme-1.0", first.Packages);
        Assert.Contains("acme-2.0", third.Packages);
        Assert.NotEqual(first.Folder, third.Folder);
        Assert.True(Directory.Exists(first.Folder), "what still runs in it needs it");
        Assert.NotNull(new DirectoryInfo(Environment).LinkTarget);
        Assert.Equal("2.0", await VersionAsync("acme"));
        Assert.True(Directory.Exists(mine.FullName), "its name says nothing of whose it is");
    }

    [Fact]
    public async Task Who_requires_cordio_gets_that_of_this_version_and_not_what_an_index_has_under_its_name()
    {
        Wheel("cordio", "9.9");
        File.WriteAllText(Requirements, "cordio\n");
        await _home.Client.Services.RegisterAsync(_service.Folder, null, Cancellation);

        var made = await MakeAsync();
        var again = await MakeAsync();

        Assert.Contains($"cordio-{ServiceCtlClient.Version}", made.Packages);
        Assert.Equal(EnvironmentChange.None, again.Change);
        Assert.Empty(Directory.GetFiles(made.Folder, "*.whl"));
    }

    [Fact]
    public async Task What_pip_says_is_shown_and_the_old_one_stays()
    {
        Wheel("acme", "1.0");
        File.WriteAllText(Requirements, "acme==1.0\n");
        await _home.Client.Services.RegisterAsync(_service.Folder, null, Cancellation);
        var before = await MakeAsync();
        File.WriteAllText(Requirements, "acme==9.9\n");

        var error = await Assert.ThrowsAsync<ServiceCtlException>(MakeAsync);

        Assert.Equal(ErrorCode.EnvironmentFailed, error.Code);
        Assert.Contains("The old one was left as it is", error.Message, StringComparison.Ordinal);
        Assert.Contains(error.Report.LogLines,
            line => line.Contains("No matching distribution found for acme==9.9", StringComparison.Ordinal));
        Assert.Equal("1.0", await VersionAsync("acme"));
        Assert.Equal([before.Folder], Directory.GetDirectories(_service.Folder, ".venv-*"));
    }

    [Fact]
    public async Task A_hash_that_does_not_fit_is_refused_and_one_that_fits_is_not()
    {
        var hash = Wheel("acme", "1.0");
        _service.Replace("config.yaml", "system_packages: true", "system_packages: true, hashes: true");
        await _home.Client.Services.RegisterAsync(_service.Folder, null, Cancellation);
        File.WriteAllText(Requirements, $"acme==1.0 --hash=sha256:{new string('0', 64)}\n");

        var error = await Assert.ThrowsAsync<ServiceCtlException>(MakeAsync);
        File.WriteAllText(Requirements, $"acme==1.0 --hash=sha256:{hash}\n");
        var made = await MakeAsync();

        Assert.Contains(error.Report.LogLines, line => line.Contains("DO NOT MATCH THE HASHES", StringComparison.Ordinal));
        Assert.Equal(EnvironmentChange.Created, made.Change);
    }

    [Fact]
    public async Task A_virtualenv_made_by_hand_is_taken_over_and_any_other_folder_is_left_alone()
    {
        await _home.Client.Services.RegisterAsync(_service.Folder, null, Cancellation);
        Directory.CreateDirectory(Environment);
        File.WriteAllText(Path.Combine(Environment, "precious"), "");

        var refused = await Assert.ThrowsAsync<ServiceCtlException>(MakeAsync);
        Assert.True(File.Exists(Path.Combine(Environment, "precious")));
        File.Move(Path.Combine(Environment, "precious"), Path.Combine(Environment, "pyvenv.cfg"));
        var made = await MakeAsync();

        Assert.Equal(ErrorCode.FileExists, refused.Code);
        Assert.Equal(2, Directory.GetDirectories(_service.Folder, ".venv-*").Length);
        Assert.Equal(EnvironmentChange.Replaced, made.Change);
        Assert.True(File.Exists(Path.Combine(Environment, "bin", "python")));
    }

    [Fact]
    public async Task The_remedy_that_a_start_names_makes_it_start_and_the_command_says_what_it_did()
    {
        Wheel("acme", "1.0");
        File.WriteAllText(Requirements, "acme\nfastapi>=0.90  # the one of Debian wants another Starlette than Debian has\n");

        var refused = await _home.RunAsync(_service.Folder, "start");
        var made = await _home.RunAsync(_service.Folder, "env");
        var started = await _home.RunAsync(_service.Folder, "start");
        var again = await _home.RunAsync(_service.Folder, "env", "--json");

        Assert.Contains("servicectl env web", refused.Error, StringComparison.Ordinal);
        Assert.True(made.Code == 0, made.ToString());
        Assert.Contains("The system has it: fastapi>=0.90", made.Error, StringComparison.Ordinal);
        Assert.Contains("Successfully installed acme-1.0", made.Error, StringComparison.Ordinal);
        Assert.True(started.Code == 0, started.ToString());
        Assert.Contains("\"change\":\"None\"", again.Output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_host_is_told_what_it_has_and_who_has_its_port()
    {
        using var holder = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Any, 0);
        holder.Start();
        var port = ((System.Net.IPEndPoint)holder.LocalEndpoint).Port;

        var checks = await EnvironmentVerbs.CheckHostAsync([port], null, null, Cancellation).ToListAsync(Cancellation);
        var command = await _home.RunAsync(_service.Folder, "host", "--port", $"{port}");

        Assert.All(checks.Where(check => check.Name is "python" or "venv" or "uwsgi" or "uwsgi-python" or "git"),
            check => Assert.Equal(HostCheckOutcome.Passed, check.Outcome));
        Assert.Equal(HostCheckOutcome.Failed, checks.Single(check => check.Name == $"port-{port}").Outcome);
        Assert.All(checks.Where(check => check.Outcome != HostCheckOutcome.Passed), check => Assert.NotNull(check.Advice));
        Assert.Equal(1, command.Code);
    }

    private Task<PyServiceEnvironment> MakeAsync() => _home.Client.Environments.InitializeAsync("web", force: false, null, Cancellation);

    private async Task<string> VersionAsync(string package)
    {
        using var process = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo(Path.Combine(Environment, "bin", "python"),
                ["-c", $"import {package}; print({package}.VERSION)"])
            { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);
        return output.Trim();
    }

    /// <summary>
    /// A wheel is an archive with three files. https://packaging.python.org/en/latest/specifications/binary-distribution-format/
    /// </summary>
    /// <returns>Its SHA-256.</returns>
    private string Wheel(string name, string version)
    {
        var path = Path.Combine(_wheels, $"{name}-{version}-py3-none-any.whl");
        using (var archive = ZipFile.Open(path, ZipArchiveMode.Create))
        {
            var info = $"{name}-{version}.dist-info";
            Add(archive, $"{name}.py", $"VERSION = '{version}'\n");
            Add(archive, $"{info}/METADATA", $"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n");
            Add(archive, $"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n");
            Add(archive, $"{info}/RECORD", $"{name}.py,,\n{info}/METADATA,,\n{info}/WHEEL,,\n{info}/RECORD,,\n");
        }

        return Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
    }

    private static void Add(ZipArchive archive, string name, string text)
    {
        using var writer = new StreamWriter(archive.CreateEntry(name).Open());
        writer.Write(text);
    }
}
