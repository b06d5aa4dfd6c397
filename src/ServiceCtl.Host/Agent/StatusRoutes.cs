using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ServiceCtl.Client.Api;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Agent;
using ServiceCtl.Engine.Messages;
using ServiceCtl.Host.Status;

namespace ServiceCtl.Host.Agent;

/// <summary>How services are doing: as JSON, or as the text that people read, which commands only pass on.</summary>
internal static class StatusRoutes
{
    public static void Map(IEndpointRouteBuilder app, ServiceAgent agent) => app.MapGet("/v1/status", async context =>
    {
        var (withCommits, isColored) = (Switch(context, "commits", true), Switch(context, "color", false));
        var names = AgentRoutes.Names(context);
        ServiceState[] states = [.. context.Request.Query["state"].Select(StateOf)];
        var all = await agent.ReadStatusAsync(names, states, withCommits, context.RequestAborted);
        context.Response.Headers[AgentClient.NotRunningHeader] =
            all.Count(status => status.State != ServiceState.Running).ToString(CultureInfo.InvariantCulture);
        if (!WantsText(context.Request))
        {
            await AgentRoutes.AnswerAsync(context, all, AgentJson.Default.IReadOnlyListPyServiceStatus);
            return;
        }

        context.Response.ContentType = "text/plain; charset=utf-8";
        var style = isColored ? MessageStyle.Colored : MessageStyle.Plain;
        await context.Response.WriteAsync(all is [var only] ? StatusPage.Of(only, style) : StatusTable.Of(all, names, style, states),
            context.RequestAborted);
    });

    private static ServiceState StateOf(string? text) =>
        Enum.TryParse<ServiceState>(text, ignoreCase: true, out var state) && Enum.IsDefined(state)
            ? state
            : throw new ServiceCtlException(ErrorCode.InvalidArgument, "state", $"'{text}' is not a state of a service.",
                $"States are {string.Join(", ", Enum.GetNames<ServiceState>())}.");

    private static bool Switch(HttpContext context, string name, bool otherwise) => context.Request.Query[name] is [{ } word]
        ? AgentRoutes.Required(context, name, _ => bool.TryParse(word, out var value) ? value : null as bool?)
        : otherwise;

    /// <summary>JSON is for whoever says nothing, takes anything, or likes both the same.</summary>
    private static bool WantsText(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept;
        return QualityOf("text/plain") > QualityOf("application/json");

        double QualityOf(string type) =>
            accepted.Where(range => range.MediaType == type).Select(range => range.Quality ?? 1).DefaultIfEmpty().Max();
    }
}
