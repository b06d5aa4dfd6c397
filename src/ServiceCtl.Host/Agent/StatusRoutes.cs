using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Agent;
using ServiceCtl.Host.Status;

namespace ServiceCtl.Host.Agent;

/// <summary>How services are doing: as JSON, or as the text that people read, which commands only pass on.</summary>
internal static class StatusRoutes
{
    public static void Map(IEndpointRouteBuilder app, ServiceAgent agent) => app.MapGet("/v1/status", async context =>
    {
        var withCommits = context.Request.Query["commits"] is not [{ } word]
            || AgentRoutes.Required(context, "commits", _ => bool.TryParse(word, out var value) ? value : null as bool?);
        var all = await agent.ReadStatusAsync(AgentRoutes.Names(context), withCommits, context.RequestAborted);
        context.Response.Headers[AgentClient.NotRunningHeader] =
            all.Count(status => status.State != ServiceState.Running).ToString(CultureInfo.InvariantCulture);
        if (!WantsText(context.Request))
        {
            await AgentRoutes.AnswerAsync(context, all, AgentJson.Default.IReadOnlyListPyServiceStatus);
            return;
        }

        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync(all is [var only] ? StatusPage.Of(only) : StatusTable.Of(all), context.RequestAborted);
    });

    /// <summary>JSON is for whoever says nothing, takes anything, or likes both the same.</summary>
    private static bool WantsText(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept;
        return QualityOf("text/plain") > QualityOf("application/json");

        double QualityOf(string type) => accepted.Where(range => range.MediaType == type).Select(range => range.Quality ?? 1).DefaultIfEmpty().Max();
    }
}
