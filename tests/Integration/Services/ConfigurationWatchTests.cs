using System.Diagnostics;
using System.Threading.Channels;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Watching;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Services;

/// <summary>Changes of real files, made as editors and tools make them.</summary>
public sealed class ConfigurationWatchTests : IDisposable
{
    private const string First = "local_port: 8001\nservice:\n  runner: command\n  command: [sleep, '1']\n";
    private const string Second = "local_port: 8002\nservice:\n  runner: command\n  command: [sleep, '1']\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("sc-watch-").FullName;
    private readonly Channel<ConfigurationUpdate> _news = Channel.CreateUnbounded<ConfigurationUpdate>();
    private readonly ConfigurationWatch _watch;

    public ConfigurationWatchTests()
    {
        _watch = new ConfigurationWatch(TimeProvider.System, news => _news.Writer.TryWrite(news));
        File.WriteAllText(Path.Combine(_folder, "second"), Second);
    }

    private string Config => Path.Combine(_folder, "config.yaml");

    public void Dispose()
    {
        _watch.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("sed -i s/8001/8002/ config.yaml")]
    [InlineData("cat second > config.yaml")]
    [InlineData("cp second new && mv new config.yaml")]
    [InlineData("mv config.yaml config.yaml~ && cp second config.yaml && rm config.yaml~")]
    [InlineData("rm config.yaml && sleep 0.05 && cp second config.yaml")]
    [InlineData("ln -sfn second config.yaml")]
    [InlineData("for n in 1 2 3 4 5; do echo \"local_port: 700$n\" > config.yaml; done; cat second > config.yaml")]
    [InlineData("chmod 000 config.yaml; cat second > config.yaml; chmod 600 config.yaml")]
    public async Task A_change_is_told_once_however_it_is_made(string change)
    {
        await FollowAsync(Config);

        await ShellAsync(change);

        Assert.Equal("local_port (Restart)", Assert.Single((await NextAsync()).Changes).ToString());
        Assert.False(_news.Reader.TryRead(out _));
    }

    [Fact]
    public async Task The_swap_of_a_Kubernetes_volume_is_noticed_each_time()
    {
        await ShellAsync("mkdir ..v1 ..v2 && mv second ..v2/config.yaml");
        await File.WriteAllTextAsync(Path.Combine(_folder, "..v1/config.yaml"), First);
        await ShellAsync("ln -s ..v1 ..data && ln -s ..data/config.yaml config.yaml");
        await FollowAsync(Config, write: false);

        await ShellAsync("ln -s ..v2 ..data_tmp && mv -T ..data_tmp ..data");
        Assert.Single((await NextAsync()).Changes);
        await ShellAsync("sed s/8002/8003/ ..v2/config.yaml > ..v1/config.yaml && ln -s ..v1 ..data_tmp && mv -T ..data_tmp ..data");
        Assert.Single((await NextAsync()).Changes);
    }

    [Fact]
    public async Task Another_release_behind_a_link_on_the_way_is_noticed()
    {
        await ShellAsync("mkdir -p releases/1 releases/2 && mv second releases/2/config.yaml && ln -s releases/1 current");
        await File.WriteAllTextAsync(Path.Combine(_folder, "releases/1/config.yaml"), First);
        await FollowAsync(Path.Combine(_folder, "current/config.yaml"), write: false);

        await ShellAsync("ln -s releases/2 next && mv -T next current");

        Assert.Single((await NextAsync()).Changes);
    }

    [Fact]
    public async Task A_folder_that_is_replaced_as_a_whole_is_noticed_twice()
    {
        await ShellAsync("mkdir app && mv second app/");
        var config = Path.Combine(_folder, "app/config.yaml");
        await File.WriteAllTextAsync(config, First);
        await FollowAsync(config, write: false);

        await ShellAsync("cp -r app new && cp new/second new/config.yaml && rm -r app && mv new app");
        Assert.Single((await NextAsync()).Changes);
        await ShellAsync("sed -i s/8002/8003/ app/config.yaml");
        Assert.Single((await NextAsync()).Changes);
    }

    [Fact]
    public async Task A_variable_in_the_env_file_is_a_change()
    {
        await FollowAsync(Config);

        await ShellAsync("echo SERVICECTL__LOCAL_PORT=8005 > .env");

        var news = await NextAsync();
        Assert.Equal("local_port (Restart)", Assert.Single(news.Changes).ToString());
        Assert.Equal("127.0.0.1:8005", news.Definition!.Listen!.ToString());
    }

    [Fact]
    public async Task A_wrong_one_is_told_once_and_the_right_one_after_it_is_compared_with_the_last_right_one()
    {
        await FollowAsync(Config);

        await ShellAsync("echo 'local_port: [' > config.yaml");
        var refusal = (await NextAsync()).Refusal!;
        Assert.Equal(ErrorCode.ConfigInvalid, refusal.Code);
        Assert.Equal(Config, Assert.Single(refusal.Report.Problems!).Source);

        await ShellAsync("touch config.yaml");
        await ShellAsync("cat second > config.yaml");
        var news = await NextAsync();
        Assert.Null(news.Refusal);
        Assert.Equal("local_port (Restart)", Assert.Single(news.Changes).ToString());
    }

    [Fact]
    public async Task What_does_not_change_a_value_is_not_told()
    {
        await FollowAsync(Config);

        await ShellAsync("touch config.yaml; echo '# a comment' >> config.yaml; touch other; echo x >> log");
        await Task.Delay(TimeSpan.FromSeconds(1));
        await ShellAsync("cat second > config.yaml");

        Assert.Single((await NextAsync()).Changes);
        Assert.False(_news.Reader.TryRead(out _));
    }

    [Fact]
    public async Task What_is_not_followed_any_longer_is_not_told()
    {
        await FollowAsync(Config);
        _watch.Forget("api");
        _watch.Follow("other", Config, await ServiceDefinitionReader.ReadWithConfigurationAsync(Config, "other", CancellationToken.None));

        await ShellAsync("cat second > config.yaml");

        Assert.Equal("other", (await NextAsync()).Service);
        Assert.False(_news.Reader.TryRead(out _));
    }

    private async Task FollowAsync(string config, bool write = true)
    {
        if (write)
            await File.WriteAllTextAsync(config, First);

        var now = await ServiceDefinitionReader.ReadWithConfigurationAsync(config, "api", CancellationToken.None);
        _watch.Follow("api", config, now);
    }

    private async Task<ConfigurationUpdate> NextAsync()
    {
        using var limit = Patience.Begin();
        return await _news.Reader.ReadAsync(limit.Token);
    }

    private async Task ShellAsync(string script)
    {
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-ec", script]) { WorkingDirectory = _folder })!;
        await shell.WaitForExitAsync();
        Assert.Equal(0, shell.ExitCode);
    }
}
