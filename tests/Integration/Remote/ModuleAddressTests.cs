using System.Text.Json.Nodes;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Remote;

/// <summary>A service learns where modules are after each start, and when that changes.</summary>
public sealed class ModuleAddressTests : IAsyncDisposable
{
    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Fact]
    public async Task Addresses_are_told_at_once_and_to_every_generation_also_empty_ones()
    {
        var project = new KitProject(_home, service: "modules: [billing]");
        await project.MustAsync(ServiceAction.Start);
        await project.PushAsync("""{"greeting": "x"}""");
        Assert.Contains("billing", (await project.StatusAsync()).Problem, StringComparison.Ordinal);

        await SetAsync("billing", "10.0.0.7:80", "10.0.0.8:80");
        await KnowsAsync(project, """{"billing": ["10.0.0.7:80", "10.0.0.8:80"]}""");
        var module = Assert.Single((await project.StatusAsync()).Modules);
        Assert.Equal((true, false, true), (module.IsRequired, module.IsMissing, module.IsDelivered));
        Assert.Null((await project.StatusAsync()).Problem);

        await SetAsync("search", "10.0.0.9:80");
        await project.MustAsync(ServiceAction.Restart);
        await KnowsAsync(project, """{"billing": ["10.0.0.7:80", "10.0.0.8:80"], "search": ["10.0.0.9:80"]}""");

        await SetAsync("billing");
        await KnowsAsync(project, """{"billing": [], "search": ["10.0.0.9:80"]}""");
        Assert.True((await project.StatusAsync()).Modules[0].IsMissing);
    }

    [Fact]
    public async Task What_was_told_outlives_the_agent()
    {
        var project = new KitProject(_home);
        await project.MustAsync(ServiceAction.Start);
        await SetAsync("billing", "10.0.0.7:80");
        await _home.KillAgentAsync();

        await project.PushAsync("""{"greeting": "x"}""");

        await KnowsAsync(project, """{"billing": ["10.0.0.7:80"]}""");
    }

    [Fact]
    public async Task A_service_that_names_no_modules_learns_addresses_while_it_serves_and_from_the_next_agent()
    {
        var service = new LocalService(
            _home, "plain", "service: {runner: gunicorn, app: 'app:app', listen: '127.0.0.1:PORT'}\n", ("app.py", """
                def app(environ, start_response):
                    body = environ['wsgi.input'].read(int(environ.get('CONTENT_LENGTH') or 0))
                    if environ['PATH_INFO'] == '/receive_module_addresses':
                        with open('addresses', 'ab') as known:
                            known.write(body + b'\n')
                    start_response('200 OK', [('Content-Length', '0')])
                    return [b'']
                """));
        await service.MustAsync(ServiceAction.Start);

        var module = await _home.Client.Modules.SetAddressAsync("plain", "billing", ["10.0.0.7:80"], CancellationToken.None);
        Assert.NotNull(module.IsDelivered);
        await DeliveredAsync(1);
        await _home.KillAgentAsync();
        await DeliveredAsync(2);

        Task DeliveredAsync(int times) => Condition.HoldsAsync(
            async () => (await service.StatusAsync()).Modules is [{ IsDelivered: true }]
                && File.ReadLines(Path.Combine(service.Folder, "addresses")).Count() == times,
            $"the addresses were posted {times} times");
    }

    [Fact]
    public async Task The_catalog_of_Consul_is_followed()
    {
        await using var consul = new FakeConsul();
        var project = new KitProject(_home, local: $"CONSUL_ADDRESS: 127.0.0.1\nCONSUL_PORT: {consul.HttpPort}",
            service: "modules: [billing]");
        await project.MustAsync(ServiceAction.Start);
        await project.PushAsync("""{"greeting": "x"}""");
        await KnowsAsync(project, """{"billing": []}""");

        consul.Register(new JsonObject { ["ID"] = "billing-1", ["Name"] = "billing", ["Address"] = "10.0.0.7", ["Port"] = 80 });
        await KnowsAsync(project, """{"billing": ["10.0.0.7:80"]}""");
        consul.Register(new JsonObject { ["ID"] = "billing-2", ["Name"] = "billing", ["Address"] = "10.0.0.8", ["Port"] = 80 });
        await KnowsAsync(project, """{"billing": ["10.0.0.7:80", "10.0.0.8:80"]}""");
    }

    [Fact]
    public async Task What_a_service_does_not_take_is_tried_again_until_it_does()
    {
        var project = new KitProject(_home);
        var main = Path.Combine(project.Folder, "main.py");
        File.WriteAllText(main, File.ReadAllText(main).Replace("        told = json.loads(body)\n", """
                    told = json.loads(body)
                    if not os.path.exists("willing"):
                        self.send_error(503)
                        return

            """, StringComparison.Ordinal));
        await project.MustAsync(ServiceAction.Start);
        await project.PushAsync("""{"greeting": "x"}""");
        await SetAsync("billing", "10.0.0.7:80");
        await Condition.HoldsAsync(
            async () => (await project.StatusAsync()).Modules[0].Problem?.Contains("503", StringComparison.Ordinal) == true,
            "the refusal shows");
        await SetAsync("billing", "10.0.0.8:80");

        project.Write("willing", "");

        await KnowsAsync(project, """{"billing": ["10.0.0.8:80"]}""");
        await Condition.HoldsAsync(async () => (await project.StatusAsync()).Modules[0] is { IsDelivered: true, Problem: null },
            "it shows as delivered");
    }

    [Fact]
    public async Task What_is_no_address_is_refused()
    {
        var project = new KitProject(_home);
        await project.MustAsync(ServiceAction.Start);
        Assert.Equal(ErrorCode.InvalidArgument,
            (await Assert.ThrowsAsync<ServiceCtlException>(() => SetAsync("billing", "10.0.0.7"))).Code);
    }

    private static Task KnowsAsync(KitProject project, string modules) => Condition.HoldsAsync(async () =>
        JsonNode.DeepEquals(await project.ModulesAsync(), JsonNode.Parse(modules)), $"the service knows {modules}");

    private Task<PyServiceModuleAddress> SetAsync(string module, params string[] hosts) =>
        _home.Client.Modules.SetAddressAsync("greeter", module, hosts, CancellationToken.None);
}
