using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using ServiceCtl.Client.Api;
using ServiceCtl.Engine.Agent;

namespace ServiceCtl.Host.Agent;

/// <summary>Logs are sorted: a line of JSON for each step and each service's report.</summary>
internal static class RelogRoutes
{
    public static void Map(IEndpointRouteBuilder app, ServiceAgent agent) => app.MapPost("/v1/relog", async context =>
    {
        var request = await AgentRoutes.ReadAsync(context, AgentJson.Default.RelogRequest);
        var lines = JsonLines.Begin(context);
        await foreach (var happened in agent.RelogAsync(request, context.RequestAborted))
        {
            lines.Write(happened, AgentJson.Default.RelogEvent);
            await lines.FlushAsync(context.RequestAborted);
        }
    });
}
