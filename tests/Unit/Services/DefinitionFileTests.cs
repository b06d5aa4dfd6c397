using ServiceCtl.Contracts;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Tests.Unit.Services;

public sealed class DefinitionFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sc-").FullName;
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow.AddMinutes(1));

    private string Config => Path.Combine(_folder, "config.yaml");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_file_that_stays_as_it_is_is_read_once()
    {
        Write("one");
        var file = new DefinitionFile(Config, "x", _time);

        Assert.Same(await ReadAsync(file), await ReadAsync(file));
    }

    [Fact]
    public async Task A_file_that_was_written_just_now_is_not_trusted_to_stay()
    {
        Write("one");
        var file = new DefinitionFile(Config, "x", new FakeTimeProvider(File.GetLastWriteTimeUtc(Config) + TimeSpan.FromMilliseconds(10)));

        Assert.NotSame(await ReadAsync(file), await ReadAsync(file));
    }

    [Fact]
    public async Task A_file_of_the_future_is_read_once_as_any_other()
    {
        Write("one");
        var file = new DefinitionFile(Config, "x", new FakeTimeProvider(File.GetLastWriteTimeUtc(Config) - TimeSpan.FromDays(1)));

        Assert.Same(await ReadAsync(file), await ReadAsync(file));
    }

    [Fact]
    public async Task A_changed_file_is_read_again_even_with_the_size_and_time_it_had()
    {
        Write("one");
        var time = File.GetLastWriteTimeUtc(Config);
        var file = new DefinitionFile(Config, "x", _time);
        Assert.Equal("one", (await ReadAsync(file)).Environment["A"]);

        File.Move(Config, Config + ".old");
        Write("two");
        File.SetLastWriteTimeUtc(Config, time);

        Assert.Equal("two", (await ReadAsync(file)).Environment["A"]);
    }

    [Fact]
    public async Task A_file_that_broke_is_told_and_one_that_was_mended_is_read()
    {
        Write("one");
        var file = new DefinitionFile(Config, "x", _time);
        await ReadAsync(file);
        File.WriteAllText(Config, "service: [");
        Assert.Equal(ErrorCode.ConfigInvalid, (await Assert.ThrowsAsync<ServiceCtlException>(() => ReadAsync(file))).Code);

        Write("three");

        Assert.Equal("three", (await ReadAsync(file)).Environment["A"]);
    }

    [Fact]
    public async Task What_is_to_be_read_is_asked_for_at_each_reading()
    {
        Write("one");
        var request = SourceRequest.Usual;
        var file = new DefinitionFile(Config, "x", _time, () => request);
        await ReadAsync(file);

        request = request with { Settings = [new("service.environment.A", "two")] };

        Assert.Equal("two", (await file.ReadWithConfigurationAsync(CancellationToken.None)).Definition.Environment["A"]);
    }

    /// <summary>As with a service that an older agent has registered.</summary>
    [Fact]
    public async Task A_reading_that_tells_whom_the_service_runs_as_first_is_not_kept_where_others_can_change_it()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root reads with the rights of somebody else");
        File.SetUnixFileMode(_folder, (UnixFileMode)0b111_101_111);
        var secret = Path.Combine(_folder, "secret.yaml");
        File.WriteAllText(secret, "service: {environment: {A: stolen}}\n");
        File.SetUnixFileMode(secret, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllText(Config,
            "service: {runner: command, command: [sleep], user: nobody, sources: {files: [config.yaml, secret.yaml]}}\n");
        string? user = null;
        var file = new DefinitionFile(Config, "x", _time, () => SourceRequest.Usual with { User = user },
            reading => user = reading.Definition.User);

        var refused = await Assert.ThrowsAsync<ServiceCtlException>(() => ReadAsync(file));

        Assert.Contains("nobody may not read the file.", refused.Message, StringComparison.Ordinal);
    }

    private static Task<ServiceDefinition> ReadAsync(DefinitionFile file) => file.ReadAsync(CancellationToken.None);

    private void Write(string value) =>
        File.WriteAllText(Config, $"service: {{runner: command, command: [sleep], environment: {{A: {value}}}}}\n");
}
