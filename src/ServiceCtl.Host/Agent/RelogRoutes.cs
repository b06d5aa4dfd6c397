using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using ServiceCtl.Client.Api;
using ServiceCtl.Engine.Agent;

namespace ServiceCtl.Host.Agent;

/// <summary>Logs are sorted: a line of JSON for each step and each service's report.</summary>
internal static class RelogRoutes
{
    private static readonly byte[] NewLine = "\n"u8.ToArray();

    public static void Map(IEndpointRouteBuilder app, ServiceAgent agent) => app.MapPost("/v1/relog", async context =>
    {
        var request = await AgentRoutes.ReadAsync(context, AgentJson.Default.RelogRequest);
        context.Response.ContentType = "application/x-ndjson";
        await foreach (var happened in agent.RelogAsync(request, context.RequestAborted))
        {
            await JsonSerializer.SerializeAsync(context.Response.Body, happened, AgentJson.Default.RelogEvent, context.RequestAborted);
            await context.Response.Body.WriteAsync(NewLine, context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    });
}
