using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using ServiceCtl.Client;
using ServiceCtl.Client.Api;

namespace ServiceCtl.Host.Agent;

/// <summary>
/// Logs for clients on other hosts, which can't read the files: a line of JSON for each line, and for a follower an empty one between those
/// that were there and those that come.
/// </summary>
internal static class LogRoutes
{
    /// <summary>Lines that go out together while they are read from files.</summary>
    private const int Together = 256;

    public static void Map(IEndpointRouteBuilder app, IHostApplicationLifetime lifetime) => app.MapPost("/v1/logs", async context =>
    {
        var request = await AgentRoutes.ReadAsync(context, AgentJson.Default.LogRequest);
        // An agent that is to end does not wait for those who follow it.
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        // The same reader as a command on this host has, so that both see the same.
        using var client = new ServiceCtlClient(Environment.ProcessPath!);
        var lines = JsonLines.Begin(context);
        var (isLive, waiting) = (false, 0);
        try
        {
            await foreach (var line in client.Logs.ReadMarkedAsync(request, end.Token))
            {
                lines.Write(line, AgentJson.Default.LogLine);
                isLive |= line is null;
                if (isLive || ++waiting % Together == 0)
                    await lines.FlushAsync(end.Token);
            }
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            // The answer ends here, whole.
        }
    });
}
