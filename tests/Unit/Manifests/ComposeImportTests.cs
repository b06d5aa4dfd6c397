using System.Globalization;
using CsCheck;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Manifests;
using ServiceCtl.Engine.Manifests.Writing;
using ServiceCtl.Engine.Manifests.Importing;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Tests.Unit.Manifests;

public sealed class ComposeImportTests : IDisposable
{
    private readonly ManifestSamples _samples = new();

    public void Dispose() => _samples.Dispose();

    /// <summary>The file of a course about Docker, as old as links.</summary>
    private const string Oldest = """
        redis:  # name of the container
          image: redis # its image
          ports:
            - 6379 #  -p "6379"

        sandbox:
          image: sandbox
          ports:
            - 8000:8000
          links:
            - redis
        """;

    [Fact]
    public async Task A_file_with_links_becomes_services_that_require_each_other()
    {
        var made = Import(Oldest);

        Assert.Equal(["redis", "sandbox"], made.Select(each => each.Service.Name));
        var warning = Assert.Single(made[0].Warnings);
        Assert.Equal((File, 4, 7), (warning.Source, warning.Line, warning.Column));
        Assert.Empty(made[1].Warnings);
        ComposeImport.Write([.. made.Select(each => each.Service)]);
        var sandbox = await ReadAsync("sandbox");
        Assert.Equal(["redis"], sandbox.Requires);
        Assert.Equal(("container", "sandbox", 8000, "0.0.0.0:8000"),
            (sandbox.Runner, sandbox.Container!.Image, sandbox.Container.Port, sandbox.Listen!.ToString()));
        Assert.Null((await ReadAsync("redis")).Listen);
    }

    [Fact]
    public async Task What_a_compose_file_says_is_what_the_services_configuration_says()
    {
        System.IO.File.WriteAllText(Path.Combine(_samples.Folder, ".env"), "TAG=2.1\nexport QUOTED=\"a b\"\n");
        System.IO.File.WriteAllText(Path.Combine(_samples.Folder, "web.env"), "FROM_FILE=1\nMODE=file\n");
        var made = Import("""
            version: "2.4"
            services:
              web:
                build: {context: ./app, dockerfile: Dockerfile}
                image: "web:${TAG:-1}"
                entrypoint: [python3, -m]
                command: gunicorn --bind '0.0.0.0:80' "my app"
                env_file: web.env
                environment: [MODE=own, "EMPTY=", "Q=${QUOTED}", "DOLLAR=$$5", "OTHER=${NOBODY:-${TAG}}"]
                ports: ["127.0.0.1:8080:80"]
                depends_on: {db: {condition: service_healthy}}
                networks: [back]
                user: "1000:1000"
                read_only: true
                cap_drop: [ALL]
                cap_add: [NET_BIND_SERVICE]
                mem_limit: 512m
                cpus: 0.5
                pids_limit: 100
                ulimits: {nofile: {soft: 1024, hard: 2048}}
                volumes: ["./data:/data:ro", "cache:/cache", {type: bind, source: ./etc, target: /etc/web, read_only: true}]
                secrets: [key]
                healthcheck: {test: ["CMD", "curl", "-f", "http://localhost/ping"], start_period: 40s}
                restart: on-failure
                stop_grace_period: 1m30s
                stop_signal: SIGINT
                security_opt: ["no-new-privileges:true"]
              db: {image: postgres, network_mode: host, deploy: {replicas: 2, resources: {limits: {cpus: '1.5', memory: 1gb}}}}
            networks: {back: {name: shared}}
            volumes: {cache: {external: true, name: big-cache}}
            secrets: {key: {file: ./key.pem}}
            """);

        Assert.All(made, each => Assert.Empty(each.Warnings));
        ComposeImport.Write([.. made.Select(each => each.Service)]);
        var web = await ReadAsync("web");
        var container = web.Container!;
        Assert.Equal(("web:2.1", Path.Combine(_samples.Folder, "app"), "shared", "1000:1000", true),
            (container.Image, container.Build, container.Network, container.User, container.ReadOnly));
        Assert.Equal(["python3", "-m"], container.Entrypoint!);
        Assert.Equal(["gunicorn", "--bind", "0.0.0.0:80", "my app"], web.Command);
        Assert.Equal(["DOLLAR=$5", "EMPTY=", "FROM_FILE=1", "MODE=own", "OTHER=2.1", "Q=a b"],
            web.Environment.Select(variable => $"{variable.Key}={variable.Value}").Order(StringComparer.Ordinal));
        Assert.Equal(("127.0.0.1:8080", 80), (web.Listen!.ToString(), container.Port));
        Assert.Equal(["db"], web.Requires);
        Assert.Equal((512L << 20, 50d, 100, 2048),
            (web.Limits.MemoryBytes!.Value, web.Limits.CpuPercent!.Value, web.Limits.Processes!.Value, web.Limits.OpenFiles!.Value));
        Assert.Equal([$"{_samples.Folder}/data:/data:ro", "big-cache:/cache", $"{_samples.Folder}/etc:/etc/web:ro",
            $"{_samples.Folder}/key.pem:/run/secrets/key:ro"], container.Volumes);
        Assert.Equal(("/ping", 40), (web.Ready.HttpPath, (int)web.Ready.Timeout.TotalSeconds));
        Assert.Equal((2, 90), (web.Stop.Signal, (int)web.Stop.Timeout.TotalSeconds));
        Assert.Equal(["net_bind_service"], web.Sandbox.Capabilities!);
        var db = await ReadAsync("db");
        Assert.Equal(("host", 2, 150d, 1L << 30),
            (db.Container!.Network, db.Instances, db.Limits.CpuPercent!.Value, db.Limits.MemoryBytes!.Value));
    }

    [Theory]
    [InlineData("working_dir: /srv", "working_dir", 4, 5)]
    [InlineData("labels: {a: b}", "labels", 4, 5)]
    [InlineData("depends_on: {db: {condition: service_completed_successfully}}", "depends_on", 4, 34)]
    [InlineData("links: ['db:database']", "links", 4, 13)]
    [InlineData("ports: ['3000-3005:3000-3005']", "ports", 4, 13)]
    [InlineData("ports: ['53:53/udp']", "ports", 4, 13)]
    [InlineData("volumes: [/data]", "volumes", 4, 15)]
    [InlineData("network_mode: 'container:other'", "network_mode", 4, 5)]
    [InlineData("healthcheck: {test: [CMD, pg_isready]}", "test", 4, 19)]
    [InlineData("restart: 'on-failure:3'", "restart", 4, 5)]
    [InlineData("environment: [FROM_OUTSIDE]", "environment", 4, 19)]
    [InlineData("secrets: [nowhere]", "secrets", 4, 15)]
    [InlineData("privileged: true", "privileged", 4, 5)]
    public void What_is_not_carried_over_is_said_with_its_place(string line, string key, int at, int column)
    {
        var made = Import($"services:\n  web:\n    image: web\n    {line}\n");

        var warning = Assert.Single(made[0].Warnings);
        Assert.Equal((File, at, column, key), (warning.Source, warning.Line, warning.Column, warning.Key));
        Assert.NotNull(warning.Advice);
    }

    [Theory]
    [InlineData("services:\n  web: {ports: ['80:80']}\n", "neither an image")]
    [InlineData("services:\n  web: {image: x, mem_limit: much}\n", "mem_limit")]
    [InlineData("services:\n  web: {image: '${TAG:?name one}'}\n", "name one")]
    [InlineData("services:\n  web: {image: '${'}\n", "begins no variable")]
    [InlineData("services:\n  _web: {image: x}\n", "can't be a service's name")]
    [InlineData("services:\n  web: {image: x, env_file: missing.env}\n", "missing.env")]
    [InlineData("version: '3'\n", "no services")]
    [InlineData("a: [b\n", "closed")]
    public void What_can_not_be_read_is_an_error_with_its_place(string text, string said)
    {
        var error = Assert.Throws<ServiceCtlException>(() => Import(text));

        Assert.Equal(ErrorCode.ConfigInvalid, error.Code);
        var problem = Assert.Single(error.Report.Problems);
        Assert.Contains(said, problem.Message, StringComparison.Ordinal);
        Assert.Equal(File, problem.Source);
        Assert.NotNull(problem.Line);
    }

    [Fact]
    public void Nothing_is_overwritten_and_then_nothing_is_written()
    {
        var made = Import(Oldest);
        Directory.CreateDirectory(Path.Combine(_samples.Folder, "sandbox"));
        System.IO.File.WriteAllText(Path.Combine(_samples.Folder, "sandbox", "config.yaml"), "mine");

        var error = Assert.Throws<ServiceCtlException>(() => ComposeImport.Write([.. made.Select(each => each.Service)]));

        Assert.Equal(ErrorCode.FileExists, error.Code);
        Assert.Equal("mine", System.IO.File.ReadAllText(Path.Combine(_samples.Folder, "sandbox", "config.yaml")));
        Assert.False(Directory.Exists(Path.Combine(_samples.Folder, "redis")));
    }

    [Fact]
    public void A_file_with_a_secret_is_for_its_owner_and_is_shown_without_it()
    {
        var made = Import("services: {web: {image: web, environment: {DB_PASSWORD: s3cr3t}}}");
        ComposeImport.Write([made[0].Service]);

        var path = ComposeImport.ConfigPathOf(made[0].Service);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(path));
        Assert.Contains("DB_PASSWORD: s3cr3t", System.IO.File.ReadAllText(path), StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", made[0].Service.Text(shown: true), StringComparison.Ordinal);
    }

    private static readonly Gen<string> AnyText = OneOf(
        "plain", "two words", "'quoted' \"twice\"", "$HOME", "${A}", "$$", "on", "0644",
        "1e3", "22:22", "", " x ", "a: b # c", "\\n", "é{}[]");

    private static readonly Gen<string> AnyService = Gen.Select(
        AnyText.Array[0, 3], AnyText.Array[0, 2], Gen.Bool, Gen.Bool, OneOf("net_bind_service", "all", "", "chown"),
        Gen.Int[1, 65535], Gen.Int[1, 100],
        (words, values, isReadOnly, isPrivileged, capability, port, seconds) => string.Create(CultureInfo.InvariantCulture, $$"""
            service:
              runner: container
              container:
                {image: 'i:1', port: {{port}}, user: '{{port}}', read_only: {{(isReadOnly ? "true" : "false")}},
                 volumes: ['v:/v', './d:/d:ro'], network: net{{seconds}}}
              command: [{{string.Join(", ", words.Select(Quoted).Prepend("program"))}}]
              listen: 127.0.0.1:{{port}}
              environment: {{{string.Join(", ", values.Select((value, at) => $"V{at}: {Quoted(value)}"))}}}
              ready: {http: '/ping?n={{seconds}}', timeout: {{seconds}}s}
              stop: {timeout: {{seconds}}s, signal: INT}
              limits: {memory: {{seconds}}MiB, cpu: {{seconds}}%, open_files: {{seconds + 16}}, processes: {{seconds}}}
              sandbox: {no_new_privileges: {{(isPrivileged ? "false" : "true")}}, capabilities: [{{capability}}]}
            """));

    /// <summary>What is written for compose and read from there again is the same service.</summary>
    [Fact]
    public Task A_service_survives_the_way_through_a_compose_file() => AnyService.SampleAsync(async config =>
    {
        using var samples = new ManifestSamples();
        var there = await samples.ReadAsync("web", config);
        var compose = ManifestMaker.Make([there], new ManifestRequest(ManifestTarget.Compose, samples.Folder))[0];
        var file = Path.Combine(samples.Folder, compose.FileName);
        await System.IO.File.WriteAllTextAsync(file, compose.Content);
        var made = ComposeImport.Read(
            file, Path.Combine(samples.Folder, "again"), new Dictionary<string, string>(), CancellationToken.None)[0];
        Assert.Empty(made.Warnings);
        ComposeImport.Write([made.Service]);

        var back = await ServiceDefinitionReader.ReadAsync(made.Service.Folder, "web", CancellationToken.None);

        var was = there.Definition;
        Assert.Equal(was.Command, back.Command);
        Assert.Equal(was.Environment.OrderBy(variable => variable.Key), back.Environment.OrderBy(variable => variable.Key));
        Assert.Equal(was.Listens, back.Listens);
        Assert.Equal(was.Ready with { Probe = back.Ready.Probe }, back.Ready);
        Assert.Equal((was.Stop.Signal, was.Stop.Timeout), (back.Stop.Signal, back.Stop.Timeout));
        Assert.Equal(was.Limits, back.Limits);
        Assert.Equal((was.Sandbox.NoNewPrivileges, string.Join(' ', was.Sandbox.Capabilities ?? [])),
            (back.Sandbox.NoNewPrivileges, string.Join(' ', back.Sandbox.Capabilities ?? [])));
        Assert.Equal(was.Container!.Volumes, back.Container!.Volumes);
        Assert.Equal(was.Container with { Volumes = back.Container.Volumes }, back.Container);
    }, iter: 100);

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(at => texts[at]);

    private string File => Path.Combine(_samples.Folder, "compose.yaml");

    private static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private Task<ServiceDefinition> ReadAsync(string name) =>
        ServiceDefinitionReader.ReadAsync(Path.Combine(_samples.Folder, name), name, CancellationToken.None);

    private IReadOnlyList<(ImportedService Service, IReadOnlyList<ConfigurationProblem> Warnings)> Import(string text)
    {
        System.IO.File.WriteAllText(File, text);
        return ComposeImport.Read(File, _samples.Folder, new Dictionary<string, string>(), CancellationToken.None);
    }
}
