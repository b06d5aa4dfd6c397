namespace ServiceCtl.Tests.Integration.Containers;

/// <summary>The engines of the tests do what the tests rest upon.</summary>
public sealed class EngineFixtureTests(ContainerEngines engines)
{
    [Theory]
    [InlineData("docker")]
    [InlineData("podman")]
    public async Task An_image_of_this_machines_files_serves(string name)
    {
        var engine = await engines.OfAsync(name);

        var output = await engine.MustAsync("run", "--rm", "--network", "none", "--ulimit", "nofile=1024:4096",
            "--ulimit", "nproc=4096:4096",
            ContainerEngineHost.Python, "/usr/bin/python3", "-c", "import flask, gunicorn.app.wsgiapp, uvicorn, redis; print('there')");

        Assert.Equal("there", output);
    }

    [Fact]
    public async Task A_registry_takes_an_image()
    {
        var (docker, registry) = (await engines.DockerAsync(), await engines.RegistryAsync());
        var name = $"{registry.Address}/redis:2";

        await docker.MustAsync("tag", ContainerEngineHost.Redis, name);
        await docker.MustAsync("push", name);
        await docker.MustAsync("rmi", name);
        await docker.MustAsync("pull", name);

        Assert.NotEmpty(await docker.MustAsync("images", "--quiet", name));
    }
}
