using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using ServiceCtl.Client.Api;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Agent;

namespace ServiceCtl.Host.Agent;

/// <summary>The control API: HTTP in, <see cref="ServiceAgent"/> behind, JSON out. openapi.json beside this file describes it.</summary>
internal static class AgentRoutes
{
    public static void Map(IEndpointRouteBuilder app, ServiceAgent agent, IHostApplicationLifetime lifetime)
    {
        app.MapGet("/v1/openapi.json", WriteDescriptionAsync);
        AlertRoutes.Map(app, agent);
        EventRoutes.Map(app, agent, lifetime);
        LogRoutes.Map(app, lifetime);
        RelogRoutes.Map(app, agent);
        RemoteRoutes.Map(app, agent);
        ScheduleRoutes.Map(app, agent);
        StatusRoutes.Map(app, agent);

        app.MapGet("/v1/agent", context => AnswerAsync(context, agent.Info, AgentJson.Default.AgentInfo));

        app.MapPost("/v1/agent/stop", async context =>
        {
            var running = context.Request.Query["services"] is [{ } word]
                ? Required(context, "services",
                    _ => Enum.TryParse<RunningServices>(word, ignoreCase: true, out var value) ? value : null as RunningServices?)
                : RunningServices.Refuse;
            if (running is RunningServices.Stop)
                await agent.StopAllAsync();
            if (running is not RunningServices.Keep)
                agent.RequireIdle();
            context.Response.StatusCode = StatusCodes.Status202Accepted;
            await context.Response.CompleteAsync();
            lifetime.StopApplication();
        });

        app.MapGet("/v1/services", context => AnswerAsync(context, agent.List(Names(context)), AgentJson.Default.IReadOnlyListPyService));

        app.MapPost("/v1/services", async context =>
        {
            var request = await ReadAsync(context, AgentJson.Default.RegistrationRequest);
            await AnswerAsync(context, await agent.RegisterAsync(request, context.RequestAborted), AgentJson.Default.PyService);
        });

        app.MapDelete("/v1/services/{name}", async context =>
        {
            await agent.UnregisterAsync(Name(context), context.RequestAborted);
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        });

        app.MapPut("/v1/services/{name}/boot", async context =>
        {
            var start = Required(context, "start",
                text => Enum.TryParse<BootStart>(text, ignoreCase: true, out var value) && Enum.IsDefined(value)
                    ? value : null as BootStart?);
            await AnswerAsync(context, await agent.SetAtBootAsync(Name(context), start), AgentJson.Default.PyService);
        });

        app.MapGet("/v1/services/{name}/wait", async context =>
        {
            var state = Required(context, "state",
                text => Enum.TryParse<ServiceState>(text, ignoreCase: true, out var value) ? value : null as ServiceState?);
            var seconds = Required(context, "seconds",
                text => double.TryParse(text, CultureInfo.InvariantCulture, out var value) && value is >= 0 and < 1e6
                    ? value : null as double?);
            await AnswerAsync(
                context, await agent.WaitAsync(Name(context), state, TimeSpan.FromSeconds(seconds), context.RequestAborted),
                AgentJson.Default.PyService);
        });

        app.MapPost("/v1/operations", async context =>
        {
            var request = await ReadAsync(context, AgentJson.Default.OperationRequest);
            await StreamAsync(context, agent.Operate(request, context.RequestAborted), AgentJson.Default.OperationEvent);
        });

        app.MapPost("/v1/releases", SwitchReleaseAsync);
        app.MapPost("/v1/releases/canary", SwitchReleaseAsync);

        app.MapPost("/v1/tests", async context =>
        {
            var request = await ReadAsync(context, AgentJson.Default.ServiceTestRequest);
            await StreamAsync(context, agent.Test(request, context.RequestAborted), AgentJson.Default.ServiceTestEvent);
        });

        async Task SwitchReleaseAsync(HttpContext context)
        {
            var request = await ReadAsync(context, AgentJson.Default.ReleaseSwitchRequest);
            await StreamAsync(context, agent.SwitchRelease(request, context.RequestAborted), AgentJson.Default.OperationEvent);
        }
    }

    private static async Task WriteDescriptionAsync(HttpContext context)
    {
        await using var description = typeof(AgentRoutes).Assembly.GetManifestResourceStream("openapi.json")!;
        context.Response.ContentType = "application/json";
        await description.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    internal static Task AnswerAsync<T>(HttpContext context, T value, JsonTypeInfo<T> type) =>
        context.Response.WriteAsJsonAsync(value, type);

    /// <summary>A line of JSON for each thing that happens, as soon as it does.</summary>
    private static async Task StreamAsync<T>(HttpContext context, ChannelReader<T> events, JsonTypeInfo<T> type)
    {
        var lines = JsonLines.Begin(context);
        while (await events.WaitToReadAsync(context.RequestAborted))
        {
            while (events.TryRead(out var happened))
                lines.Write(happened, type);
            // What happens at once goes out at once.
            await lines.FlushAsync(context.RequestAborted);
        }
    }

    internal static async Task<T> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type) =>
        await JsonSerializer.DeserializeAsync(context.Request.Body, type, context.RequestAborted)
            ?? throw new JsonException("the body is null");

    internal static string[] Names(HttpContext context) => [.. context.Request.Query["name"].OfType<string>()];

    internal static string Name(HttpContext context) => (string)context.Request.RouteValues["name"]!;

    internal static T Required<T>(HttpContext context, string name, Func<string, T?> parse)
        where T : struct =>
        context.Request.Query[name] is [{ } text] && parse(text) is { } value ? value : throw new ServiceCtlException(
            ErrorCode.InvalidArgument, name, $"The parameter '{name}' is missing or can't be understood.",
            "GET /v1/openapi.json describes the API.");
}
