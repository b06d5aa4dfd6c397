using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using ServiceCtl.Client.Api;
using ServiceCtl.Engine.Agent;

namespace ServiceCtl.Host.Agent;

/// <summary>The schedules of services.</summary>
internal static class ScheduleRoutes
{
    public static void Map(IEndpointRouteBuilder app, ServiceAgent agent)
    {
        app.MapGet("/v1/schedules", context => AgentRoutes.AnswerAsync(
            context, agent.ListSchedules(AgentRoutes.Names(context)), AgentJson.Default.IReadOnlyListPyServiceSchedule));

        app.MapPost("/v1/services/{name}/schedules/{schedule}", async context =>
        {
            var wait = context.Request.Query["wait"] != "false";
            var done = await agent.RunScheduleAsync(
                AgentRoutes.Name(context), (string)context.Request.RouteValues["schedule"]!, wait, context.RequestAborted);
            await AgentRoutes.AnswerAsync(context, done, AgentJson.Default.PyServiceSchedule);
        });
    }
}
