using ServiceCtl.Engine.Configuration.Schema.Types;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Runners;
using ServiceCtl.Engine.Runners.Gunicorn;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Tests.Unit.Runners;

/// <summary>Who may connect to a Unix socket that the agent opens for a server.</summary>
public sealed class SocketFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sc-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("", "", "", "777", null, null)]
    [InlineData("--umask 007", "", "", "770", null, null)]
    [InlineData("-m 0o117 -u app --group=www-data", "", "", "660", "app", "www-data")]
    [InlineData("-m7", "", "", "770", null, null)]
    [InlineData("--umask=23", "", "", "750", null, null)]
    [InlineData("", "--umask 0x3f", "", "700", null, null)]
    [InlineData("--umask 0", "--umask 077", "umask = 0o077", "777", null, null)]
    [InlineData("", "", "workers = 2\numask = 0o007  # nginx\ngroup = 'www-data'\n", "770", null, "www-data")]
    [InlineData("", "", "umask = compute()\n", "777", null, null)]
    [InlineData("--umask nonsense", "", "", "777", null, null)]
    public void Gunicorns_is_what_gunicorn_would_make(
        string command, string variable, string file, string mode, string? owner, string? group)
    {
        File.WriteAllText(Path.Combine(_folder, "gunicorn.conf.py"), file);

        var permissions = GunicornSocketFile.Of(Define("gunicorn") with
        {
            Command = command.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            Environment = new Dictionary<string, string> { ["GUNICORN_CMD_ARGS"] = variable },
        });

        Assert.Equal((mode, owner, group), (Convert.ToString((int)permissions.Mode!, 8), permissions.Owner, permissions.Group));
    }

    [Fact]
    public void Another_file_that_is_named_is_read_instead()
    {
        File.WriteAllText(Path.Combine(_folder, "gunicorn.conf.py"), "umask = 0o077\n");
        File.WriteAllText(Path.Combine(_folder, "other.py"), "umask = 0o007\n");

        Assert.Equal((UnixFileMode)0b111_111_000,
            GunicornSocketFile.Of(Define("gunicorn") with { Command = ["-c", "file:other.py"] }).Mode);
    }

    [Theory]
    [InlineData("service: {runner: gunicorn, app: a, listen: {unix: s.sock, mode: '0660', owner: app, group: 33}}", "660", "app", "33")]
    [InlineData("service: {runner: gunicorn, app: a, listen: {unix: ./s.sock, mode: 0600}}", "600", null, null)]
    [InlineData("service: {runner: gunicorn, app: a, listen: {unix: 'unix:/run/s.sock', group: www-data}}", null, null, "www-data")]
    public async Task The_configuration_says_it_beside_the_path(string config, string? mode, string? owner, string? group)
    {
        var definition = await ReadAsync(config);

        Assert.EndsWith("s.sock", definition.Listen!.UnixPath, StringComparison.Ordinal);
        var permissions = Assert.IsType<SocketPermissions>(definition.Permissions);
        Assert.Equal((mode, owner, group),
            (permissions.Mode is { } given ? Convert.ToString((int)given, 8) : null, permissions.Owner, permissions.Group));
    }

    [Theory]
    [InlineData("{unix: s.sock, mode: rw}", "is not a mode")]
    [InlineData("{unix: s.sock, mode: 0999}", "is not a mode")]
    [InlineData("{unix: s.sock, mod: 0660}", "Did you mean `mode`?")]
    [InlineData("{mode: 0660}", "has no path")]
    [InlineData("{unix: s.sock, owner: [a]}", "should be text")]
    [InlineData("{unix: s.sock, mode: 0660}, socket: own", "the program makes it")]
    public async Task What_is_wrong_with_it_is_told(string listen, string words)
    {
        var refused = await Assert.ThrowsAsync<ServiceCtl.Contracts.ServiceCtlException>(
            () => ReadAsync($"service: {{runner: gunicorn, app: a, listen: {listen}}}"));

        Assert.Contains(words, string.Join('\n', refused.Report.Problems.Select(problem => problem.Message + problem.Advice)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_configuration_wins_over_the_server_and_the_servers_own_user_makes_it()
    {
        var definition = Define("uvicorn") with { User = "app", Permissions = new SocketPermissions(null, null, "www-data") };

        Assert.Equal(
            new SocketFileAccess((UnixFileMode)0b110_110_110, Maker: "app", Owner: "root", Group: "www-data"),
            SocketPlans.AccessOf(definition, new SocketPermissions((UnixFileMode)0b110_110_110, "root", "adm")));
    }

    private ServiceDefinition Define(string runner) =>
        new() { Name = "s", Folder = _folder, ConfigPath = Path.Combine(_folder, "config.yaml"), Runner = runner };

    private async Task<ServiceDefinition> ReadAsync(string config)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "config.yaml"), config);
        return await ServiceDefinitionReader.ReadAsync(_folder, null, CancellationToken.None);
    }
}
