using System.Diagnostics;
using System.Text.Json;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Scenes;

/// <summary>Scene 8: what others can read holds no secret, and others can't talk to the agent.</summary>
public sealed class SecretsTests : IAsyncDisposable
{
    private const string Secret = "hunter2-correct-horse";

    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Theory]
    [InlineData("uwsgi")]
    [InlineData("gunicorn")]
    [InlineData("uvicorn")]
    [InlineData("python")]
    public async Task No_file_socket_command_line_or_answer_shows_a_secret_to_others(string runner)
    {
        var service = Served.By(runner, _home, more: $"SECRET_KEY: {Secret}");
        if (runner == "uwsgi")
            service.Replace("config.yaml", "env_vars: [", "env_vars: [SECRET_KEY, ");
        else
            File.AppendAllText(service.Config, "env_vars: [SECRET_KEY]\n");
        File.SetUnixFileMode(service.Config, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await service.MustAsync(ServiceAction.Start);
        await service.MustAsync(ServiceAction.Restart);

        var home = new DirectoryInfo(_home.Paths.Home);
        Assert.Equal(0, (int)home.UnixFileMode & 0b111_111);
        Assert.All(home.EnumerateFileSystemInfos("*", SearchOption.AllDirectories).OfType<FileInfo>().Where(HoldsSecret),
            file => Assert.True(
            ((int)file.UnixFileMode & 0b111_111) == 0, $"{file.FullName} holds the secret and has the mode {file.UnixFileMode}"));
        Assert.All(new DirectoryInfo(service.Folder).EnumerateFiles("*", SearchOption.AllDirectories).Where(HoldsSecret),
            file => Assert.True(
            ((int)(file.ResolveLinkTarget(true) ?? file).UnixFileMode & 0b111_111) == 0,
            $"{file.FullName} holds the secret and can be read by others"));
        Assert.All(_home.ProcessesOf(service.Name),
            process => Assert.DoesNotContain(ProcFs.TryReadCommandLine(process.Pid) ?? [],
                word => word.Contains(Secret, StringComparison.Ordinal)));
        Assert.DoesNotContain(Secret, ReadShared(_home.Paths.AgentLog), StringComparison.Ordinal);
        foreach (var words in new[] { new[] { "status", "--json" }, ["status"], ["restart", "--json"] })
            Assert.DoesNotContain(Secret, (await _home.RunAsync(service.Folder, words)).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_socket_and_its_folder_belong_to_their_user_alone()
    {
        await _home.Client.Agent.StartAsync(CancellationToken.None);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_home.Paths.Home));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_home.Paths.Socket));
    }

    [Fact]
    public async Task A_user_who_gets_past_the_folder_is_refused_by_his_credentials()
    {
        Assert.SkipUnless(Environment.UserName == "root", "Another user's client can be made by root only.");
        await _home.Client.Agent.StartAsync(CancellationToken.None);
        File.SetUnixFileMode(Path.GetDirectoryName(_home.Paths.Home)!, (UnixFileMode)0b111_101_101);
        File.SetUnixFileMode(_home.Paths.Home, (UnixFileMode)0b111_101_101);
        File.SetUnixFileMode(_home.Paths.Socket, (UnixFileMode)0b110_110_110);

        var start = new ProcessStartInfo("setpriv",
            ["--reuid=65534", "--regid=65534", "--clear-groups", "/usr/bin/curl", "-s", "--unix-socket", _home.Paths.Socket,
                "http://agent/v1/agent"])
        { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var answer = await process.StandardOutput.ReadToEndAsync();

        Assert.Equal("AccessDenied", JsonDocument.Parse(answer).RootElement.GetProperty("code").GetString());
    }

    private static bool HoldsSecret(FileInfo file) => (file.Attributes & FileAttributes.ReparsePoint) == 0 && IsRegular(file)
        && ReadShared(file.FullName).Contains(Secret, StringComparison.Ordinal);

    /// <summary>Sockets and named pipes have no length, and reading a pipe would take what the agent is to get.</summary>
    private static bool IsRegular(FileInfo file) => file.Length > 0;

    private static string ReadShared(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return reader.ReadToEnd();
    }
}
