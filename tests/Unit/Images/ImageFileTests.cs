using ServiceCtl.Engine.Images;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Rules;

namespace ServiceCtl.Tests.Unit.Images;

public sealed class ImageFileTests
{
    private const string Check = "HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD "
        + "[\"python3\", \"-c\", \"import urllib.request as r; b'LISTEN_FDS=' in open('/proc/1/environ','rb').read()"
        + " or r.urlopen('http://127.0.0.1:8000/ping', timeout=4)\"]";

    [Fact]
    public void A_flask_service_becomes_two_stages_and_one_process_that_takes_a_passed_socket()
    {
        var plan = Plan("gunicorn", ["flask", "gunicorn==21.2"]) with { Requirements = "requirements.txt" };

        Assert.Equal(
            """
            # The image of Shop. 'servicectl image files' wrote this file once, and never writes over it.
            # 'servicectl image build' builds it, and so does 'docker build'.
            ARG PYTHON=3.11

            FROM python:${PYTHON}-slim AS build
            ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
            RUN python3 -m venv /opt/venv
            WORKDIR /src
            COPY ["requirements.txt", "./"]
            RUN /opt/venv/bin/pip install -r requirements.txt

            FROM python:${PYTHON}-slim
            WORKDIR /srv/app
            COPY --from=build /opt/venv /opt/venv
            COPY . .
            # HOME is the one folder that is writable in a read-only container.
            ENV PATH=/opt/venv/bin:$PATH HOME=/tmp PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=/srv/app/home
            # Last, as they differ with each commit: what comes before stays in the cache.
            ARG COMMIT=unknown
            ARG VERSION=unknown
            LABEL io.servicectl.image="Shop" \
                  org.opencontainers.image.title="Shop" \
                  org.opencontainers.image.revision=$COMMIT \
                  org.opencontainers.image.version=$VERSION
            USER 10001:10001
            EXPOSE 8000
            STOPSIGNAL SIGTERM
            # Under the agent, which asks at its own socket, nothing listens in here, and the check has nothing to say.
            HEALTHCHECK
            CMD ["gunicorn", "--bind", "0.0.0.0:8000", "--workers", "2", "--graceful-timeout", "10", "app:app"]

            """, DockerfileText.Of(plan).Replace(Check, "HEALTHCHECK", StringComparison.Ordinal));
    }

    [Fact]
    public void A_compose_file_keeps_secrets_out_and_is_as_hardened_as_the_agent()
    {
        Assert.Equal(
            """
            # Shop by itself, without an agent: 'docker compose up --build', or 'docker-compose'.
            # 'servicectl image files' wrote this file once, and never writes over it.
            services:
              "shop":
                build:
                  context: .
                  args:
                    COMMIT: ${COMMIT:-unknown}
                    VERSION: ${VERSION:-unknown}
                image: shop:${TAG:-latest}
                ports:
                  - "127.0.0.1:8001:8000"
                environment:
                  "DB_PASSWORD": ${DB_PASSWORD:?}
                  "PRICE": "5$$"
                # It requires redis: 'servicectl manifest' writes services that belong together into one file.
                restart: unless-stopped
                stop_grace_period: 11s
                read_only: true
                tmpfs: [/tmp]
                cap_drop: [ALL]
                security_opt: ["no-new-privileges:true"]
                mem_limit: 1000000b
                cpus: 1.5

            """, ComposeText.Of(Plan("gunicorn", []), "shop"));
    }

    [Fact]
    public void What_the_service_makes_here_stays_out_of_the_image()
    {
        var lines = DockerignoreText.Of(Plan("gunicorn", [])).Split('\n');

        Assert.Contains("log", lines);
        Assert.Contains(".env", lines);
        Assert.Single(lines, line => line == "venv");
        Assert.DoesNotContain(lines, line => line.Contains("/var/", StringComparison.Ordinal));
    }

    [Fact]
    public void A_server_without_listen_fds_looks_for_them_itself()
    {
        var server = Plan("uvicorn", []).Server;

        Assert.Equal("uvicorn", server.Package);
        Assert.Equal(
            ["/bin/sh", "-c",
                "if [ -n \"$LISTEN_FDS\" ]; then exec uvicorn --fd 3 --timeout-graceful-shutdown 10 app:app; fi; "
                    + "exec uvicorn --host 0.0.0.0 --port 8000 --timeout-graceful-shutdown 10 app:app"], server.Words);
    }

    [Fact]
    public void Placeholders_of_a_command_are_the_port_inside()
    {
        var plan = Plan("command", []);
        plan = plan with { Definition = plan.Definition with { Command = ["./serve", "--on={address}", "{port}", "{other}"] } };

        Assert.Equal(["./serve", "--on=0.0.0.0:8000", "8000", "{other}"], plan.Server.Words);
    }

    [Theory]
    [InlineData("flask", true)]
    [InlineData("Flask>=2; python_version > '3'", true)]
    [InlineData("flask-cors", false)]
    public void A_requirement_is_known_by_its_name(string line, bool isFlask) =>
        Assert.Equal(isFlask, ImageServer.Requires(line, "flask"));

    [Fact]
    public void A_server_that_nobody_requires_is_installed_beside()
    {
        var text = DockerfileText.Of(Plan("gunicorn", ["flask", "-r more.txt"]) with { Requirements = "requirements.txt" });

        Assert.Contains("RUN /opt/venv/bin/pip install gunicorn\n", text, StringComparison.Ordinal);
        Assert.Contains("COPY . .\nRUN /opt/venv/bin/pip install -r requirements.txt\n", text, StringComparison.Ordinal);
    }

    private static ImagePlan Plan(string runner, IReadOnlyList<string> lines) => new(new ServiceDefinition
    {
        Name = "Shop",
        Folder = "/srv/shop",
        ConfigPath = "/srv/shop/config.yaml",
        Runner = runner,
        App = "app:app",
        Listen = ListenAddress.TryParse("127.0.0.1:8001", "/", out var address) ? address : null,
        Instances = 2,
        Venv = new EnvironmentRule { Python = "/usr/bin/python3.11" },
        VirtualEnvironment = "/srv/shop/venv",
        DirectoriesToCreate = ["/srv/shop/log", "/var/log/shop"],
        Requires = ["redis"],
        Ready = new ReadinessRule { HttpPath = "/ping", Timeout = TimeSpan.FromMinutes(1) },
        Stop = new StopRule { Timeout = TimeSpan.FromSeconds(10) },
        Environment = new Dictionary<string, string>
        {
            ["PRICE"] = "5$",
            ["DB_PASSWORD"] = "hunter22",
            ["PYTHONPATH"] = "home:/usr/share/other",
        },
        Limits = new() { MemoryBytes = 1_000_000, CpuPercent = 150 },
    }, null, lines);
}
