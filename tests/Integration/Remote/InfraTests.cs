using System.Net;
using System.Text.Json.Nodes;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Remote;

/// <summary>What the infrastructure is answered on a port of its own, for each service.</summary>
public sealed class InfraTests : IAsyncDisposable
{
    private readonly Home _home = new();
    private readonly HttpClient _http = new();

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _home.DisposeAsync();
    }

    [Fact]
    public async Task Health_and_figures_are_answered_whatever_the_service_does()
    {
        var project = new KitProject(_home, service: "modules: [billing]");
        await project.MustAsync(ServiceAction.Start);

        await Condition.HoldsAsync(async () => await StatusAsync(project, "health") == HttpStatusCode.ServiceUnavailable,
            "health is answered while it is Idle");
        Assert.Contains("servicectl_service_state{service=\"greeter\",state=\"Idle\"} 1\n", await ReadAsync(project, "metrics"),
            StringComparison.Ordinal);
        Assert.Contains("servicectl_scrape_up{service=\"greeter\"} 0\n", await ReadAsync(project, "metrics"), StringComparison.Ordinal);

        await project.PushAsync("""{"greeting": "x"}""");

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(project, "health"));
        var health = JsonNode.Parse(await ReadAsync(project, "health"))!;
        Assert.Equal(("pass", "Running", "billing"),
            ((string?)health["status"], (string?)health["state"], (string?)health["missingModules"]![0]));
        var metrics = await ReadAsync(project, "metrics");
        Assert.Contains("servicectl_service_up{service=\"greeter\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("servicectl_scrape_up{service=\"greeter\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("# TYPE py_requests_total counter\npy_requests_total{module=\"greeter\"} ", metrics, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(project, "../v1/services"));

        await project.MustAsync(ServiceAction.Stop);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(project, "health"));
    }

    [Fact]
    public async Task A_taken_port_is_told_and_is_no_obstacle()
    {
        var project = new KitProject(_home);
        using var taken = new System.Net.Sockets.TcpListener(IPAddress.Any, project.InfraPort);
        taken.Start();

        await project.MustAsync(ServiceAction.Start);

        await Condition.HoldsAsync(
            async () => (await _home.Client.Events.ReadAsync(new EventRequest { Services = [] }, default).ToListAsync())
                .Exists(happened => happened.Message.Contains("/internal/health", StringComparison.Ordinal)), "the taken port is told");
        Assert.Equal(ConfigPushOutcome.Applied, (await project.PushAsync("""{"greeting": "x"}""")).Outcome);
    }

    private static Uri Page(KitProject project, string page) => new($"http://127.0.0.1:{project.InfraPort}/internal/{page}");

    private async Task<HttpStatusCode?> StatusAsync(KitProject project, string page)
    {
        try
        {
            using var answer = await _http.GetAsync(Page(project, page));
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private async Task<string> ReadAsync(KitProject project, string page)
    {
        using var answer = await _http.GetAsync(Page(project, page));
        return await answer.Content.ReadAsStringAsync();
    }
}
