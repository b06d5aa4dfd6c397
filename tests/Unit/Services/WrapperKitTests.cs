using ServiceCtl.Contracts;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Rules;

namespace ServiceCtl.Tests.Unit.Services;

/// <summary>A project of isp-python-wrapper-kit is a service as it is.</summary>
public sealed class WrapperKitTests : IDisposable
{
    private const string Local =
        """
        moduleName: greeter
        grpcInnerAddress: {ip: 127.0.0.1, port: 9000}
        grpcOuterAddress: {ip: 10.0.0.12, port: 9100}
        configServiceAddress: {ip: 10.0.0.1, port: "5000"}
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("kit-").FullName;

    public WrapperKitTests()
    {
        Write("main.py", "");
        Write("pyproject.toml", "");
        Write("uv.lock", "");
        Write("conf/config.yml", Local);
        Write("conf/default_remote_config.json", "{}");
    }

    [Fact]
    public async Task It_is_recognised_without_a_word_for_ServiceCtl()
    {
        var definition = await ReadAsync();
        Assert.Equal(("greeter", "uv", _folder), (definition.Name, definition.Runner, definition.Folder));
        Assert.Equal("127.0.0.1:9000", definition.Listen!.ToString());
        Assert.Equal("0.0.0.0:9001", definition.Infra!.ToString());
        Assert.Equal(Path.Combine(_folder, "config.json"), definition.Remote!.File);
        Assert.Null(definition.Remote.Watch);
        Assert.Equal((15, TimeSpan.FromSeconds(5)), (definition.Stop.Signal, definition.Stop.Timeout));
        Assert.Equal((TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2)), (definition.Restart.Delay, definition.Restart.MaxDelay));
        Assert.Equal(("10.0.0.12", 9100), (definition.Consul.ServiceAddress, definition.Consul.ServicePort));
        Assert.Null(definition.JsonLog);
    }

    [Fact]
    public async Task What_the_kit_writes_does_not_make_it_another_service()
    {
        Write("config.json", "{}");
        Assert.Equal("uv", (await ReadAsync()).Runner);
        Write("config.yaml", "service: {runner: command, command: [./x]}");
        Assert.Equal("command", (await ReadAsync()).Runner);
    }

    [Fact]
    public async Task Its_variables_mean_what_they_meant()
    {
        Write("elsewhere/config.yml", Local.Replace("greeter", "moved", StringComparison.Ordinal));
        Write(".env", """
            APP_MODE=dev
            APP_PYTHON_PATH=src/start.py
            APP_PYTHON_CONFIG_PATH=run/config.json
            APP_CONFIG_PATH=elsewhere/config.yml
            CLUSTER_MODE=offline
            REQUIRED_MODULES=billing;auth;
            DB=postgres
            SERVICECTL__SERVICE__STOP__TIMEOUT=9s
            """);
        var definition = await ReadAsync();
        Assert.Equal("moved", definition.Name);
        Assert.Equal(["src/start.py"], definition.Command);
        Assert.Equal(Path.Combine(_folder, "run/config.json"), definition.Remote!.File);
        Assert.Equal(Path.Combine(_folder, "conf/config.json"), definition.Remote.Watch);
        Assert.Equal(["billing", "auth"], definition.Modules);
        Assert.Equal(("dev", "postgres"), (definition.Environment["APP_MODE"], definition.Environment["DB"]));
        Assert.DoesNotContain(definition.Environment.Keys, name => name.StartsWith("SERVICECTL", StringComparison.Ordinal));
        Assert.Equal(TimeSpan.FromSeconds(9), definition.Stop.Timeout);
    }

    [Fact]
    public async Task Its_log_file_and_sampling_are_taken_over_but_not_in_development()
    {
        Write("conf/config.yml",
            Local
                + "\nlogFile: {path: log/out.json, maxSizeMb: 3, maxBackups: 7, compress: false}\nlogs: {sampling: {enable: true, "
                + "passEvery: 10}}\ninfraServerPort: 7000\n");
        var definition = await ReadAsync();
        Assert.Equal(
            new JsonLogRule
            {
                File = Path.Combine(_folder, "log/out.json"),
                MaxSizeBytes = 3 << 20,
                Keep = 7,
                Compress = false,
                MaxPerSecond = 1000,
                PassEvery = 10
            }, definition.JsonLog);
        Assert.Equal(7000, definition.Infra!.EndPoint!.Port);
        Write(".env", "APP_MODE=dev");
        Assert.Null((await ReadAsync()).JsonLog);
    }

    [Fact]
    public async Task A_section_for_ServiceCtl_in_its_file_wins()
    {
        Write("conf/config.yml",
            Local
                + "\nservice: {restart: {delay: 100ms}, runner: python}\nremoteConfigOverride: '{\"a\": {\"b\": "
                + "1.50}}'\nhealthcheckTimeout: 3s\n");
        var definition = await ReadAsync();
        Assert.Equal(("python", TimeSpan.FromMilliseconds(100)), (definition.Runner, definition.Restart.Delay));
        Assert.Contains("1.50", definition.Remote!.Override, StringComparison.Ordinal);
        Assert.Equal((TimeSpan.FromSeconds(3), null), (definition.Ready.Timeout, definition.Ready.AtLatest));
    }

    [Theory]
    [InlineData("grpcInnerAddress: {ip: 127.0.0.1, port: none}", "conf/config.yml:1:")]
    [InlineData("moduleName: x\nremoteConfigOverride: '{\"a\": }'", "conf/config.yml:2:")]
    public async Task What_is_wrong_is_told_once_at_its_place(string text, string place)
    {
        Write("conf/config.yml", text);
        var error = await Assert.ThrowsAsync<ServiceCtlException>(ReadAsync);
        var problem = Assert.Single(error.Report.Problems);
        Assert.Contains(place, problem.Place, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<ServiceDefinition> ReadAsync() => ServiceDefinitionReader.ReadAsync(_folder, null, TestContext.Current.CancellationToken);

    private void Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
