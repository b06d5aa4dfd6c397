using System.Diagnostics;
using k8s;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Manifests;
using ServiceCtl.Engine.Manifests.Writing;

namespace ServiceCtl.Tests.Unit.Manifests;

public sealed class ManifestTests : IDisposable
{
    private const string Compose = "/usr/bin/docker-compose";

    private readonly ManifestSamples _samples = new();

    public void Dispose() => _samples.Dispose();

    /// <summary>What changed in it is looked at, and copied where it is right.</summary>
    [Theory]
    [InlineData(ManifestTarget.Compose)]
    [InlineData(ManifestTarget.Swarm)]
    [InlineData(ManifestTarget.Kubernetes)]
    public async Task A_manifest_is_what_it_was(ManifestTarget target)
    {
        foreach (var manifest in await _samples.MakeAsync(target))
        {
            var name = $"{target}-{manifest.FileName}".ToLowerInvariant();
            var made = manifest.Content.Replace(_samples.Folder, "/srv", StringComparison.Ordinal)
                + string.Concat(manifest.Warnings.Select(warning => $"# {warning}\n"))
                    .Replace(_samples.Folder, "/srv", StringComparison.Ordinal);
            var approved = Path.Combine(Repository.Root, "tests", "Unit", "Manifests", "Golden", name);
            var file = Path.Combine(Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "manifests")).FullName, name);
            await File.WriteAllTextAsync(file, made);
            Assert.True(File.Exists(approved) && await File.ReadAllTextAsync(approved) == made,
                $"Compare {file} with {approved}, and copy it there.");
        }
    }

    [Theory]
    [InlineData(ManifestTarget.Compose)]
    [InlineData(ManifestTarget.Swarm)]
    [InlineData(ManifestTarget.Kubernetes)]
    public async Task No_manifest_holds_a_secret(ManifestTarget target)
    {
        var made = await _samples.MakeAsync(target);

        Assert.All(made, manifest => Assert.DoesNotContain("s3cr3t", manifest.Content, StringComparison.Ordinal));
        Assert.Contains(made, manifest => manifest.Secrets.Any(name => name.EndsWith("DATABASE_PASSWORD", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_secret_in_a_command_is_refused()
    {
        var reading = await _samples.ReadAsync("job", """
            service: {runner: container, container: {image: job}, command: [job, --token=abcdefgh], environment: {API_TOKEN: abcdefgh}}
            """);

        var error = Assert.Throws<ServiceCtlException>(
            () => ManifestMaker.Make([reading], new ManifestRequest(ManifestTarget.Compose, _samples.Folder)));

        Assert.Equal((ErrorCode.ConfigInvalid, "job"), (error.Code, error.Target));
    }

    [Theory]
    [InlineData(ManifestTarget.Compose)]
    [InlineData(ManifestTarget.Swarm)]
    [InlineData(ManifestTarget.Kubernetes)]
    public async Task What_a_target_has_no_words_for_is_said_with_its_key_and_place(ManifestTarget target)
    {
        var made = await _samples.MakeAsync(target);

        var warning = Assert.Single(made.SelectMany(manifest => manifest.Warnings), warning => warning.Key == "service.schedule");
        Assert.Equal((Path.Combine(_samples.Folder, "shop", "config.yaml"), 19), (warning.Source, warning.Line));
        Assert.NotNull(warning.Column);
    }

    [Fact]
    public async Task Two_services_with_one_variable_and_two_secrets_have_a_variable_each()
    {
        const string Service = "service: {runner: container, container: {image: x}, environment: {PASSWORD: VALUE}}";
        var one = await _samples.ReadAsync("one", Service.Replace("VALUE", "first-secret", StringComparison.Ordinal));
        var two = await _samples.ReadAsync("two", Service.Replace("VALUE", "other-secret", StringComparison.Ordinal));

        var made = ManifestMaker.Make([one, two], new ManifestRequest(ManifestTarget.Compose, _samples.Folder))[0];

        Assert.Equal(["ONE_PASSWORD", "TWO_PASSWORD"], made.Secrets);
    }

    [Fact]
    public async Task Ports_of_nodes_are_stopped_first_and_that_is_said()
    {
        var made = (await _samples.MakeAsync(ManifestTarget.Swarm, hostPorts: true))[0];

        Assert.Contains("order: stop-first", made.Content, StringComparison.Ordinal);
        Assert.Contains(made.Warnings, warning => warning.Message.Contains("8000", StringComparison.Ordinal)
            && warning.Message.Contains("stop-first", StringComparison.Ordinal));
    }

    /// <summary>The real docker-compose reads it, and understands what was meant.</summary>
    [Theory]
    [InlineData(ManifestTarget.Compose)]
    [InlineData(ManifestTarget.Swarm)]
    public async Task Compose_reads_what_it_is_given(ManifestTarget target)
    {
        Assert.SkipUnless(File.Exists(Compose), "this machine has no docker-compose: './build.sh test' installs it");
        var made = (await _samples.MakeAsync(target))[0];
        await File.WriteAllTextAsync(Path.Combine(_samples.Folder, made.FileName), made.Content);

        var start = new ProcessStartInfo(Compose, ["--file", made.FileName, "config"])
        {
            WorkingDirectory = _samples.Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DATABASE_PASSWORD"] = "another";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var config = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.True(process.ExitCode == 0, await errors);
        Assert.Contains("DATABASE_PASSWORD: another", config, StringComparison.Ordinal);
        Assert.Contains("GREETING: $$hello, \"you\"", config, StringComparison.Ordinal);
        Assert.Contains("--bind=0.0.0.0:8080", config, StringComparison.Ordinal);
        Assert.Contains("MODE: \"on\"", config, StringComparison.Ordinal);
        Assert.Contains("read_only: true", config, StringComparison.Ordinal);
    }

    /// <summary>A key that Kubernetes does not know is an error, and so is a value of another type.</summary>
    [Fact]
    public async Task Kubernetes_knows_every_key()
    {
        foreach (var manifest in await _samples.MakeAsync(ManifestTarget.Kubernetes))
        {
            var objects = KubernetesYaml.LoadAllFromString(manifest.Content, strict: true);

            var deployment = Assert.Single(objects.OfType<k8s.Models.V1Deployment>());
            var pod = deployment.Spec.Template.Spec;
            var container = Assert.Single(pod.Containers);
            Assert.Equal("0", deployment.Spec.Strategy.RollingUpdate.MaxUnavailable.Value);
            Assert.False(container.SecurityContext.AllowPrivilegeEscalation);
            Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
            if (manifest.FileName != "shop.yaml")
                continue;
            Assert.Equal(36, pod.TerminationGracePeriodSeconds);
            Assert.Equal("/ping?deep=1", container.ReadinessProbe.HttpGet.Path);
            Assert.Equal("shop", Assert.Single(container.Env).ValueFrom.SecretKeyRef.Name);
            Assert.Equal("$hello, \"you\"", Assert.Single(objects.OfType<k8s.Models.V1ConfigMap>()).Data["GREETING"]);
            Assert.Equal("$$(HOME)", container.Args[^1]);
            Assert.Equal([8080], Assert.Single(objects.OfType<k8s.Models.V1Service>()).Spec.Ports.Select(port => port.Port));
        }
    }

    [Fact]
    public void A_key_that_Kubernetes_does_not_know_would_be_noticed() => Assert.ThrowsAny<Exception>(
        () => KubernetesYaml.LoadAllFromString(
        "apiVersion: v1\nkind: Service\nmetadata: {name: x}\nspec: {port: 1}\n", strict: true));
}
