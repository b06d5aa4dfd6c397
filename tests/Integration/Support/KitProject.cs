using System.Globalization;
using System.Text.Json.Nodes;
using ServiceCtl.Contracts;

namespace ServiceCtl.Tests.Integration.Support;

/// <summary>
/// The sample of the wrapper kit in a folder and on ports of its own, with what stands in for uv, which no registry here has.
/// </summary>
internal sealed class KitProject : LocalService
{
    public const string Uv = """
        #!/bin/sh
        # Stands in for uv, as far as it is used: uv run [script] makes the environment up to date, then runs Python.
        [ "$1" = run ] || exit 2
        shift
        mkdir -p .venv && touch .venv/synced
        exec /usr/bin/python3 "$@"
        """;

    private readonly Home _home;

    /// <param name="home">Where it lives.</param>
    /// <param name="local">Further lines of its conf/config.yml; its <c>service:</c> section begins with the environment.</param>
    /// <param name="service">Further lines of that section.</param>
    public KitProject(Home home, string local = "", string service = "")
        : base(home, "greeter")
    {
        _home = home;
        var sample = Path.Combine(Repository.Root, "samples", "wrapper-kit");
        foreach (var name in new[] { "main.py", "pyproject.toml", "uv.lock", "conf/default_remote_config.json", "conf/config.schema.yaml" })
            Write(name, File.ReadAllText(Path.Combine(sample, name)));
        Write("bin/uv", Uv);
        File.SetUnixFileMode(Path.Combine(Folder, "bin/uv"), (UnixFileMode)0b111_101_101);
        InfraPort = FreePort();
        var config = File.ReadAllText(Path.Combine(sample, "conf/config.yml")).Replace("9000", Port.ToString(CultureInfo.InvariantCulture),
            StringComparison.Ordinal);
        Write("conf/config.yml", $$"""
            {{config}}
            infraServerPort: {{InfraPort}}
            {{local}}
            service:
              environment: {PATH: '{{Path.Combine(Folder, "bin")}}:/usr/bin:/bin'}
            {{string.Join('\n', service.Split('\n').Select(line => "  " + line))}}
            """);
    }

    public int InfraPort { get; }

    public string ConfigFile => Path.Combine(Folder, "config.json");

    public Task<PyServiceConfigPush> PushAsync(string text, bool noRollback = false, bool preview = false, bool noWait = false) =>
        _home.Client.Configuration.PushAsync(
        new ConfigPushRequest { Service = Name, Text = text, NoRollback = noRollback, Preview = preview, NoWait = noWait },
        CancellationToken.None);

    public async Task<ServiceCtlException> RefusedAsync(string text) =>
        await Assert.ThrowsAsync<ServiceCtlException>(() => PushAsync(text));

    public async Task<string> AskAsync(string path)
    {
        using var http = new HttpClient();
        return await http.GetStringAsync(new Uri($"http://127.0.0.1:{Port}{path}"));
    }

    public async Task<JsonNode> ModulesAsync() => JsonNode.Parse(await AskAsync("/modules"))!;

    public async Task<string> GreetingAsync() => JsonNode.Parse(await AskAsync("/greet"))!["text"]!.GetValue<string>();

    public void Write(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
