using System.Diagnostics;
using System.Text.Json;
using ServiceCtl.Client.Api;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Git;
using ServiceCtl.Tests.Integration.Hosts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Releases;

/// <summary>A project in a real git repository that is deployed to several hosts, each of which serves it by real uWSGI.</summary>
internal sealed class FleetProject : IAsyncDisposable
{
    public const string Stage = "production", Root = "/srv/web";

    private const int Port = 8000;

    private readonly TemporaryRepository _repository = new();

    private FleetProject(HostFleet fleet, string deploy)
    {
        Fleet = fleet;
        _repository.Write("app.py", App("one"));
        _repository.Write("config.tmpl", """
            SERVICE_NAME: web
            local_ip: {{ ip }}
            local_port: 8000
            uwsgi:
              http-socket: "{{ ip }}:8000"
              plugins: python3
              module: "app:app"
              processes: 1
              need-app: true
              lazy-apps: true

            """);
        _repository.Write("deploy.yaml", $$"""
            deploy_to: {{Root}}
            service: web
            templates: {config.tmpl: {to: config.yaml} }
            check: {http: /}
            stages:
              {{Stage}}:
                hosts:
            {{string.Join('\n', fleet.Hosts.Select(LineOf))}}
            {{deploy}}

            """);
        _repository.CommitAll("one");
    }

    public HostFleet Fleet { get; }

    public SshHost[] Hosts => Fleet.Hosts;

    public string Folder => _repository.Path;

    public static async Task<FleetProject> StartAsync(int hosts, string deploy = "") => new(
        await HostFleet.StartApartAsync([.. Enumerable.Range(1, hosts).Select(number => $"web{number}")]), deploy);

    /// <summary>Answers its version, and 500 where the host is sick.</summary>
    public static string App(string version) => $"""
        import os
        def app(environ, start_response):
            body = b'{version}'
            status = '500 Sick' if os.path.exists('/srv/sick') and body == b'two' else '200 OK'
            start_response(status, [('Content-Length', str(len(body)))])
            return [body]

        """;

    /// <returns>The commit.</returns>
    public string Commit(string version)
    {
        _repository.Write("app.py", App(version));
        return _repository.CommitAll(version);
    }

    public string Git(params string[] arguments) => _repository.Git(arguments);

    public void Write(string file, string text) => _repository.Write(file, text);

    /// <summary>A file of a host, as this machine sees it.</summary>
    public string On(int host, string path) => Hosts[host].Root + path;

    public string[] Words(params string[] words) => [words[0], Stage, .. words[1..], "--path", Folder];

    public Task<CommandResult> RunAsync(params string[] words) => Fleet.RunAsync(Words(words));

    public Process Start(params string[] words) => Fleet.Start(Words(words));

    public async Task<PyServiceDeployment> DeployAsync(params string[] words) => Read(await RunAsync(["deploy", "--json", .. words]));

    public async Task<PyServiceDeployment> RollbackAsync(params string[] words) => Read(await RunAsync(["rollback", "--json", .. words]));

    /// <summary>Deploys, which has to succeed.</summary>
    /// <returns>The id of the release.</returns>
    public async Task<string> MustDeployAsync(params string[] words)
    {
        var deployment = await DeployAsync(words);
        Assert.True(deployment.Error is null, $"{deployment.Error?.HostName}: {deployment.Error?.Message}\n"
            + string.Join('\n', deployment.Error?.LogLines ?? []));
        return deployment.Release!.Id;
    }

    /// <summary>The release that each host's link leads to; empty where there is none.</summary>
    public IReadOnlyList<string> Current() =>
        [.. Hosts.Select(host => Path.GetFileName(new FileInfo($"{host.Root}{Root}/current").LinkTarget ?? ""))];

    /// <summary>What each host answers.</summary>
    public async Task<string> AnswersAsync()
    {
        using var http = new HttpClient();
        return string.Join(' ', await Task.WhenAll(Hosts.Select(host => http.GetStringAsync(new Uri($"http://{host.Ip}:{Port}/")))));
    }

    public static Load LoadOf(SshHost host) => new(host.Ip, Port, clients: 1);

    public async ValueTask DisposeAsync()
    {
        await Fleet.DisposeAsync();
        _repository.Dispose();
    }

    private static string LineOf(SshHost host, int index) =>
        $"      {host.Name}: {"{"}roles: [{(index % 2 == 0 ? "even" : "odd")}], properties: {"{"}ip: {host.Ip}{"}}"}";

    private static PyServiceDeployment Read(CommandResult result)
    {
        Assert.True(result.Output.StartsWith('{'), result.ToString());
        return JsonSerializer.Deserialize(result.Output, AgentJson.Default.PyServiceDeployment)!;
    }
}
