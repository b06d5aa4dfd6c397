using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Serilog;
using ServiceCtl.Client.Api;
using ServiceCtl.Engine.Agent;

namespace ServiceCtl.Host.Agent;

/// <summary>
/// Listens for services that have <c>service.infra</c>: a small server each, which knows two pages and nothing of the control API.
/// </summary>
internal sealed class InfraServers(ServiceAgent agent, string contentRoot, ILogger log) : IAsyncDisposable
{
    private static readonly TimeSpan HeadersLimit = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, WebApplication> _servers = [];
    private readonly CancellationTokenSource _end = new();
    private Task _serving = Task.CompletedTask;

    public void Start() => _serving = ServeAsync();

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _serving;
        foreach (var service in _servers.Keys.ToArray())
            await CloseAsync(service);
        _end.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            await foreach (var request in agent.EndpointRequests.ReadAllAsync(_end.Token))
            {
                await CloseAsync(request.Service);
                if (request.Listen is not null)
                    await OpenAsync(request);
            }
        }
        catch (OperationCanceledException)
        {
            // The agent ends.
        }
    }

    private async Task OpenAsync(EndpointRequest request)
    {
        var server = Build(request);
        try
        {
            await server.StartAsync(_end.Token);
            _servers[request.Service] = server;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            await server.DisposeAsync();
            agent.ReportEndpointFailure(request, (error.InnerException ?? error).Message);
        }
    }

    private async Task CloseAsync(string service)
    {
        if (_servers.Remove(service, out var server))
            await server.DisposeAsync();
    }

    private WebApplication Build(EndpointRequest request)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = contentRoot });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.Limits.MaxRequestBodySize = 0;
            server.Limits.RequestHeadersTimeout = HeadersLimit;
            var crowd = new CrowdedEndpoint(agent);
            server.Listen(request.Listen!.EndPoint!, endpoint => endpoint.Use(next => connection => crowd.ServeAsync(connection, next)));
        });
        builder.Services.AddRoutingCore();
        var app = builder.Build();
        app.Use((context, next) => ErrorAnswers.CatchAsync(context, next, log));
        app.UseRouting();
        app.MapGet("/internal/health", context =>
        {
            var health = agent.GetHealth(request.Service);
            context.Response.StatusCode = health.Status == "pass" ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
            return context.Response.WriteAsJsonAsync(health, AgentJson.Default.PyServiceHealth);
        });
        app.MapGet("/internal/metrics", async context =>
        {
            var text = await agent.ReadMetricsAsync(request.Service, context.RequestAborted);
            context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), context.RequestAborted);
        });
        return app;
    }
}
