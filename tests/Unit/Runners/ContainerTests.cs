using Docker.DotNet.Models;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Containers;
using ServiceCtl.Engine.Containers.Keeping;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Processes.Scopes;
using ServiceCtl.Engine.Runners;
using ServiceCtl.Engine.Runners.Container;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Tests.Unit.Runners;

/// <summary>What an engine is asked for, and what can't be asked of it.</summary>
public sealed class ContainerTests : IDisposable
{
    private const string Home = "/run/servicectl";

    private static readonly ScopeMarker Marker = new(ScopeMarker.HomeOf(Home), "shop", Generation: 3, Instance: 1);

    private readonly string _folder = Directory.CreateTempSubdirectory("sc-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("container: {}", "Nothing says which image")]
    [InlineData("container: {image: 'a:1', engine: lxc}", "`lxc` is not a container engine.")]
    [InlineData("container: {image: 'a:1', volumes: ['data']}", "`data` is not a volume.")]
    [InlineData("container: {image: 'a:1', port: 80}", "on which address of the host")]
    [InlineData("listen: /run/web.sock, container: {image: 'a:1', port: 80}", "/run/web.sock` is a Unix socket.")]
    [InlineData("listen: ':8001', socket: pass, container: {image: 'a:1', port: 80}", "an image that binds its own port")]
    [InlineData("listen: ':8001', container: {image: 'a:1', port: 80, network: none}", "a container without a network")]
    [InlineData("listen: ':8001', container: {image: 'a:1', port: 80, network: host}", "the image listens on port 80")]
    public async Task What_an_engine_could_not_do_is_refused_with_its_place(string service, string complaint)
    {
        var error = await Assert.ThrowsAsync<ServiceCtlException>(() => ReadAsync(service));

        Assert.Equal(ErrorCode.ConfigInvalid, error.Code);
        Assert.Contains(complaint, error.Message, StringComparison.Ordinal);
        Assert.Contains("config.yaml:", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_is_published_on_every_address()
    {
        var request = await RequestAsync("listen: ['127.0.0.1:8001', '[::1]:8002'], container: {image: 'a:1', port: 80}");

        Assert.Equal(["80/tcp"], request.ExposedPorts!.Keys);
        Assert.Equal([("127.0.0.1", "8001"), ("::1", "8002")],
            request.HostConfig!.PortBindings!["80/tcp"].Select(binding => (binding.HostIP, binding.HostPort)));
    }

    [Fact]
    public async Task It_is_hardened_unless_the_configuration_says_otherwise()
    {
        var usual = await RequestAsync("container: {image: 'a:1'}");
        var open = await RequestAsync(
            "container: {image: 'a:1', user: root, read_only: false}, sandbox: {no_new_privileges: false, capabilities: [all]}");

        Assert.Equal(("65534:65534", true), (usual.User, usual.HostConfig!.ReadonlyRootfs));
        Assert.Equal(["ALL"], usual.HostConfig!.CapDrop!);
        Assert.Empty(usual.HostConfig!.CapAdd!);
        Assert.Equal(["no-new-privileges"], usual.HostConfig!.SecurityOpt!);
        Assert.Equal(["/tmp"], usual.HostConfig!.Tmpfs!.Keys);
        Assert.Equal(("root", false), (open.User, open.HostConfig!.ReadonlyRootfs));
        Assert.Empty(open.HostConfig!.CapDrop);
        Assert.Empty(open.HostConfig!.SecurityOpt);
    }

    [Theory]
    [InlineData("", "65534:65534")]
    [InlineData("root", "65534:65534")]
    [InlineData("0:0", "65534:65534")]
    [InlineData("redis", "redis")]
    public async Task The_user_of_an_image_is_kept_unless_it_is_root(string ofImage, string expected) =>
        Assert.Equal(expected, (await RequestAsync("container: {image: 'a:1'}", new() { User = ofImage })).User);

    [Fact]
    public async Task Words_of_the_configuration_stand_instead_of_those_of_the_image()
    {
        DockerOCIImageConfig image = new() { Entrypoint = ["/entry"], Cmd = ["serve"] };

        var own = await RequestAsync("container: {image: 'a:1'}", image);
        var command = await RequestAsync("command: [work], container: {image: 'a:1'}", image);
        var entrypoint = await RequestAsync("container: {image: 'a:1', entrypoint: [sh, -c]}", image);

        Assert.Equal(["/entry", "serve"], own.Entrypoint!.Concat(own.Cmd!));
        Assert.Equal(["/entry", "work"], command.Entrypoint!.Concat(command.Cmd!));
        Assert.Equal(["sh", "-c"], entrypoint.Entrypoint!.Concat(entrypoint.Cmd!));
    }

    [Fact]
    public async Task Processes_and_container_carry_the_mark_of_their_launch()
    {
        var request = await RequestAsync("environment: {A: b}, container: {image: 'a:1'}");

        Assert.Contains($"{ScopeMarker.GenerationVariable}={Marker}", request.Env!);
        Assert.Contains("A=b", request.Env!);
        Assert.Equal("shop", request.Labels![ContainerLabels.Service]);
        Assert.Equal(Marker.Home, request.Labels![ContainerLabels.Home]);
        Assert.Equal("7:9", request.Labels![ContainerLabels.Keeper]);
        Assert.Equal(["shop"], request.NetworkingConfig!.EndpointsConfig!["servicectl"].Aliases);
    }

    [Fact]
    public void A_failure_goes_from_the_keeper_to_whoever_has_launched_it()
    {
        var error = new ServiceCtlException(ErrorCode.RunnerMissing, "shop", "There is no\nimage.", "Pull\tit.");

        var report = ContainerFailure.Read(["pulling", ContainerFailure.Of(error).ToString()])?.Report("shop", ["pulling", "last"]);

        Assert.Equal((ErrorCode.RunnerMissing, "There is no image.", "Pull it."), (report!.Code, report.Message, report.Advice));
        Assert.Equal(["pulling"], report.LogLines);
        Assert.Null(ContainerFailure.Read(["Traceback", "ValueError: x"]));
        Assert.Null(ContainerFailure.Read([]));
    }

    private async Task<CreateContainerParameters> RequestAsync(string service, DockerOCIImageConfig? image = null)
    {
        var definition = await ReadAsync(service);
        var launch = new LaunchRequest { Definition = definition, RunFolder = _folder, Home = Home, Sockets = 0 };
        using var engine = ContainerEngine.Find("/nowhere/docker.sock");
        return ContainerRequest.Of(
            ContainerRunner.SpecOf(launch, definition.Container!), image, Marker, new ProcessIdentity(7, 9), handover: null, engine);
    }

    private async Task<ServiceDefinition> ReadAsync(string service)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "config.yaml"), $"service: {{runner: container, {service}}}\n");
        return await ServiceDefinitionReader.ReadAsync(_folder, "shop", CancellationToken.None);
    }
}
