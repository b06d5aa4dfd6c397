using ServiceCtl.Client;
using ServiceCtl.Client.Hosts;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Images;

namespace ServiceCtl.Tests.Unit.Images;

public sealed class ImageToolTests
{
    private const string Commit = "0123456789abcdef0123456789abcdef01234567";

    [Theory]
    [InlineData(Commit, false, "1.4.0", true, "1.4.0")]
    [InlineData(Commit, true, "1.4.0", true, "0123456789ab-dirty")]
    [InlineData(Commit, false, "1.4.0", false, "0123456789ab")]
    [InlineData(null, false, "1.4.0.dev7+g1a2b3c4", false, "1.4.0.dev7-g1a2b3c4")]
    [InlineData(null, false, null, false, "latest")]
    public void A_tag_is_the_version_of_a_released_commit_else_the_commit(
        string? commit, bool isDirty, string? version, bool isReleased, string tag) =>
        Assert.Equal(tag, new ImageRevision(commit, isDirty, version, isReleased).Tag);

    [Theory]
    [InlineData("shop", "shop", null, false)]
    [InlineData("team/shop:1.4", "team/shop", "1.4", false)]
    [InlineData("localhost:5000/shop", "localhost:5000/shop", null, true)]
    [InlineData("registry.example.org/team/shop:1.4", "registry.example.org/team/shop", "1.4", true)]
    public void A_name_is_a_repository_and_a_tag(string text, string repository, string? tag, bool hasRegistry)
    {
        var name = ImageName.Parse(text);

        Assert.Equal((repository, tag, hasRegistry), (name.Repository, name.Tag, name.HasRegistry));
    }

    [Theory]
    [InlineData("*")]
    [InlineData("-shop")]
    [InlineData("Shop")]
    [InlineData("shop:1+2")]
    [InlineData("shop\n")]
    public void What_is_no_name_is_refused(string text) =>
        Assert.Equal(ErrorCode.InvalidArgument, Assert.Throws<ServiceCtlException>(() => ImageName.Parse(text)).Code);

    [Fact]
    public void A_build_is_said_in_the_words_of_docker()
    {
        var request = new ImageBuildRequest
        {
            NoCache = true,
            BuildArguments = new Dictionary<string, string> { ["B"] = "2", ["A"] = "1 x" },
            Secrets = new Dictionary<string, string> { ["pip"] = "netrc" },
        };

        Assert.Equal(
            ["build", "--tag", "shop:1.4", "--tag", "shop:latest", "--label", "io.servicectl.image=shop",
                "--label", $"org.opencontainers.image.revision={Commit}", "--label", "org.opencontainers.image.version=1.4",
                "--iidfile", "/tmp/id", "--no-cache", "--build-arg", "A=1 x", "--build-arg", "B=2",
                "--secret", "id=pip,src=/srv/shop/netrc", "/srv/shop"],
            ImageBuilder.Arguments("shop", "/srv/shop", ["shop:1.4", "shop:latest"], new ImageRevision(Commit, false, "1.4", true), request,
                "/tmp/id"));
    }

    [Fact]
    public void An_image_has_the_tag_of_its_revision_and_the_one_that_is_configured()
    {
        var revision = new ImageRevision(Commit, false, null, false);

        Assert.Equal(["shop:0123456789ab", "shop:latest"], ImageBuilder.NamesOf(new ImageName("shop", null), revision, null));
        Assert.Equal(["shop:2"], ImageBuilder.NamesOf(new ImageName("shop", null), revision, "2"));
        Assert.Throws<ServiceCtlException>(() => ImageBuilder.NamesOf(new ImageName("shop", null), revision, "a b"));
    }

    [Theory]
    [InlineData("Step 1/3 : FROM a|Step 2/3 : RUN b| ---> Using cache|Step 3/3 : CMD c", 3, 1)]
    [InlineData("[1/2] STEP 1/2: FROM a|[1/2] STEP 2/2: RUN b|--> Using cache 12|[2/2] STEP 1/1: FROM a", 3, 1)]
    [InlineData("#5 [build 1/2] FROM a|#6 [build 2/2] RUN b|#6 CACHED|#6 [build 2/2] RUN b|#1 [internal] load|#1 CACHED", 2, 1)]
    public void Steps_are_counted_as_each_builder_prints_them(string lines, int steps, int cached)
    {
        var counted = new BuildSteps();
        foreach (var line in lines.Split('|'))
            counted.Take(line);

        Assert.Equal((steps, cached), (counted.Count, counted.Cached));
        Assert.Equal(33, new BuildSteps().Take("Step 2/3 : RUN b"));
    }

    [Fact]
    public void An_image_is_read_as_both_engines_print_it()
    {
        const string Docker = """
            {"Id":"sha256:ab","RepoTags":["shop:1.4","shop:latest"],"Created":"2026-11-30T10:00:00.5Z","Size":42,
             "Config":{"Labels":{"io.servicectl.image":"shop","org.opencontainers.image.revision":"0123"}}}
            """;
        const string Podman = """
            {"Id":"ab","RepoTags":null,"Created":"2026-11-30T10:00:00Z","Size":42,
             "Labels":{"io.servicectl.image":"shop"},"Config":{}}
            """;

        var (docker, podman) = (ImageStore.Read(Docker, "docker"), ImageStore.Read(Podman, "podman"));

        Assert.Equal(("shop", "shop:1.4", "0123", 42), (docker.Service, docker.Image, docker.Commit, docker.Size));
        Assert.Equal(("shop", "ab", null, 42), (podman.Service, podman.Image, podman.Commit, podman.Size));
    }

    [Fact]
    public void A_container_is_read_as_it_is_inspected()
    {
        const string Ended = """
            {"Id":"3f1c","Name":"/shop-1","Created":"2026-11-30T10:00:00Z","Path":"gunicorn","Args":["app:app"],"Image":"sha256:ab",
             "State":{"Status":"exited","ExitCode":137,"OOMKilled":true,"Pid":0,
              "StartedAt":"2026-11-30T10:00:01Z","FinishedAt":"2026-11-30T10:05:00Z"},
             "Config":{"Image":"shop:1.4","User":"10001:10001","Labels":
              {"io.servicectl.service":"shop","io.servicectl.generation":"3","io.servicectl.instance":"0"}},
             "HostConfig":{"ReadonlyRootfs":true,
              "PortBindings":{"6379/tcp":[{"HostIp":"127.0.0.1","HostPort":"6380"}]},"NetworkMode":"servicectl"},
             "NetworkSettings":{"Networks":{"servicectl":{}}},"Mounts":[{"Source":"/srv/data","Destination":"/data","RW":false}]}
            """;

        var container = ServiceContainers.Read(Ended, "docker", isDetailed: false);

        Assert.Equal(("shop", "shop-1", "shop:1.4", "exited"), (container.Service, container.Name, container.Image, container.State));
        Assert.Equal((137, true), (container.ExitCode, container.IsOutOfMemory));
        Assert.Equal((3, 0, null), (container.Generation, container.Instance, container.ProcessId));
        Assert.Equal(["127.0.0.1:6380->6379/tcp"], container.Ports);
        Assert.Equal(["/srv/data:/data:ro"], container.Mounts);
        Assert.Equal(["servicectl"], container.Networks);
        Assert.Null(container.Inspection);
    }

    [Fact]
    public void A_digest_is_what_docker_says_last() => Assert.Equal($"sha256:{new string('a', 64)}",
        PushLine.DigestOf($"1.4: digest: sha256:{new string('a', 64)} size: 1234"));

    [Fact]
    public void A_command_in_a_container_gets_a_terminal_only_where_there_is_one()
    {
        Assert.Equal(["exec", "--interactive", "--tty", "3f1c", "sh"], ContainerCommand.Arguments("3f1c", ["sh"], true, true));
        Assert.Equal(["exec", "3f1c", "sh"], ContainerCommand.Arguments("3f1c", ["sh"], false, false));
    }

    [Fact]
    public void What_is_no_engine_is_refused() => Assert.Equal(ErrorCode.InvalidArgument,
        Assert.Throws<ServiceCtlException>(() => ContainerTools.Find("crio")).Code);

    [Fact]
    public void An_engine_of_another_host_is_dockers_affair()
    {
        var tool = ContainerTools.Find(null, name => name == "DOCKER_HOST" ? "ssh://web1" : null);

        Assert.Equal("docker", tool.Name);
        Assert.Empty(tool.Environment);
    }

    [Fact]
    public void Names_of_images_are_quoted_for_the_shell_of_another_host() =>
        Assert.Contains("'\\''", RemoteEngine.Asked(HostAddress.Parse("web1"), "a'b"), StringComparison.Ordinal);

    [Theory]
    [InlineData("web-1", true)]
    [InlineData("web-3", false)]
    [InlineData("shop", false)]
    public void Patterns_choose_and_exclude(string name, bool isChosen) =>
        Assert.Equal(isChosen, ServiceSelection.Chooses(["web-*", "!web-3"], name));
}
