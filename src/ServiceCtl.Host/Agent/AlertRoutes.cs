using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using ServiceCtl.Client.Api;
using ServiceCtl.Engine.Agent;

namespace ServiceCtl.Host.Agent;

/// <summary>Where alerts go.</summary>
internal static class AlertRoutes
{
    public static void Map(IEndpointRouteBuilder app, ServiceAgent agent)
    {
        app.MapGet("/v1/alerts", context => AgentRoutes.AnswerAsync(
            context, agent.ListAlerts(AgentRoutes.Names(context)), AgentJson.Default.IReadOnlyListPyServiceAlert));

        app.MapPost("/v1/alerts/test", async context => await AgentRoutes.AnswerAsync(
            context, await agent.TestAlertsAsync(AgentRoutes.Names(context), context.RequestAborted),
            AgentJson.Default.IReadOnlyListPyServiceAlertTest));
    }
}
