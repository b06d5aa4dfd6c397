using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using ServiceCtl.Client.Api;
using ServiceCtl.Engine.Agent;

namespace ServiceCtl.Host.Agent;

/// <summary>What has happened, and what happens: a line of JSON for each event, and an empty line between the two.</summary>
internal static class EventRoutes
{
    public static void Map(IEndpointRouteBuilder app, ServiceAgent agent, IHostApplicationLifetime lifetime) =>
        app.MapGet("/v1/events", async context =>
    {
        var follow = context.Request.Query["follow"] == "true";
        var after = context.Request.Query.ContainsKey("after")
            ? AgentRoutes.Required(context, "after",
                text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null as long?)
            : 0;
        // An agent that is to end does not wait for those who follow it.
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        var lines = JsonLines.Begin(context);
        try
        {
            await foreach (var happened in agent.ReadEventsAsync(after, follow, end.Token))
            {
                lines.Write(happened, AgentJson.Default.ServiceEvent);
                await lines.FlushAsync(end.Token);
            }
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            // The answer ends here, whole.
        }
    });
}
