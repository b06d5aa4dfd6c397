using System.Globalization;
using ServiceCtl.Client;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Git;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Releases;

/// <summary>A project in a real git repository, with a deploy.yaml, that real uWSGI serves.</summary>
public sealed class DeployedProject : IAsyncDisposable
{
    public const string Stage = "production";

    private readonly TemporaryRepository _repository = new();

    /// <param name="deploy">More of deploy.yaml.</param>
    /// <param name="config">More of config.yaml.</param>
    public DeployedProject(string deploy = "", string config = "")
    {
        Root = Home.Folder("deployed");
        Port = LocalService.FreePort();
        Write("app.py", App("one"));
        Write("config.yaml", $"""
            SERVICE_NAME: web
            local_ip: 127.0.0.1
            local_port: {Port.ToString(CultureInfo.InvariantCulture)}
            uwsgi:
              http-socket: "127.0.0.1:{Port}"
              plugins: python3
              module: "app:app"
              processes: 2
              need-app: true
              lazy-apps: true
            {config}

            """);
        Write("deploy.yaml", $"""
            deploy_to: {Root}
            stages: {"{"}{Stage}: {"{}}"}
            {deploy}

            """);
        _repository.CommitAll("one");
    }

    public Home Home { get; } = new();

    public string Root { get; }

    public int Port { get; }

    public string Folder => _repository.Path;

    public string Current => Path.Combine(Root, "current");

    public ReleaseVerbs Verbs => Home.Client.Releases;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static string App(string version) => $"""
        def app(environ, start_response):
            body = b'{version}'
            start_response('200 OK', [('Content-Length', str(len(body)))])
            return [body]

        """;

    public void Write(string file, string text) => _repository.Write(file, text);

    /// <returns>The commit.</returns>
    public string Commit(string version, string? app = null)
    {
        Write("app.py", app ?? App(version));
        return _repository.CommitAll(version);
    }

    public string Git(params string[] arguments) => _repository.Git(arguments);

    public Task<PyServiceDeployment> DeployAsync(string? step = null, string? revision = null) => Verbs.DeployAsync(
        new DeployRequest { Folder = Folder, Stage = Stage, Step = step, Revision = revision }, null, Cancellation);

    /// <summary>Deploys, which has to succeed.</summary>
    /// <returns>The release.</returns>
    public async Task<PyServiceRelease> MustDeployAsync()
    {
        var deployment = await DeployAsync();
        Assert.True(deployment.Error is null, $"{deployment.Error?.Message}\n{string.Join('\n', deployment.Error?.LogLines ?? [])}");
        return deployment.Release!;
    }

    public Task<PyServiceDeployment> RestoreAsync(string? release = null) =>
        Verbs.RestoreAsync(Folder, Stage, release, null, Cancellation);

    /// <summary>Ids and states, the oldest first.</summary>
    public async Task<IReadOnlyList<(string Id, ReleaseState State)>> ReleasesAsync() =>
        [.. (await Verbs.GetAsync(Folder, Stage, Cancellation)).Reverse().Select(release => (release.Id, release.State))];

    /// <summary>What the service answers.</summary>
    public async Task<string> AnswerAsync()
    {
        using var http = new HttpClient();
        return await http.GetStringAsync(new Uri($"http://127.0.0.1:{Port}/"), Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await Home.DisposeAsync();
        _repository.Dispose();
    }
}
