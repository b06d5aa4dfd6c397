using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using ServiceCtl.Client.Api;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Agent;

namespace ServiceCtl.Host.Agent;

/// <summary>What others push to a service. The body is the thing itself, so that any control plane can push with one PUT.</summary>
internal static class RemoteRoutes
{
    public static void Map(IEndpointRouteBuilder app, ServiceAgent agent)
    {
        app.MapPut("/v1/services/{name}/config", async context =>
        {
            using var body = new StreamReader(context.Request.Body);
            var request = new ConfigPushRequest
            {
                Service = AgentRoutes.Name(context),
                Text = await body.ReadToEndAsync(context.RequestAborted),
                Format = context.Request.Query.ContainsKey("format")
                    ? AgentRoutes.Required(context, "format",
                        text => Enum.TryParse<ConfigFormat>(text, ignoreCase: true, out var format) ? format : null as ConfigFormat?)
                    : ConfigFormat.Json,
                Source = context.Request.Query["source"] is [{ Length: > 0 } source] ? source : "pushed configuration",
                NoRollback = context.Request.Query["rollback"] == "false",
                NoWait = context.Request.Query["wait"] == "false",
                Preview = context.Request.Query["preview"] == "true",
            };
            await AgentRoutes.AnswerAsync(context, await agent.PushAsync(request, context.RequestAborted),
                AgentJson.Default.PyServiceConfigPush);
        });

        app.MapGet("/v1/services/{name}/modules", context =>
            AgentRoutes.AnswerAsync(context, agent.GetModuleAddresses(AgentRoutes.Name(context)),
                AgentJson.Default.IReadOnlyListPyServiceModuleAddress));

        app.MapPut("/v1/services/{name}/modules/{module}", async context =>
        {
            var hosts = await AgentRoutes.ReadAsync(context, AgentJson.Default.IReadOnlyListString);
            var address = agent.SetModuleAddress(AgentRoutes.Name(context), (string)context.Request.RouteValues["module"]!, hosts);
            await AgentRoutes.AnswerAsync(context, address, AgentJson.Default.PyServiceModuleAddress);
        });
    }
}
