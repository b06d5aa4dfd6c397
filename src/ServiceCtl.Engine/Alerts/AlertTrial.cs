using System.Diagnostics;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Services.Rules;

namespace ServiceCtl.Engine.Alerts;

/// <summary>Sends an alert that tells of nothing, to see what the receivers answer. It waits for nothing and is not tried again.</summary>
internal static class AlertTrial
{
    /// <summary>All destinations of the services, side by side.</summary>
    public static async Task<IReadOnlyList<PyServiceAlertTest>> RunAsync(
        AlertRoutes routes, IReadOnlyList<string> services, TimeProvider time, CancellationToken cancellation) =>
        await Task.WhenAll(
            from service in services
            let rule = routes.Services.GetValueOrDefault(service)
            where rule is not null
            from destination in rule.Destinations
            select TryAsync(service, rule, destination, time, cancellation));

    private static async Task<PyServiceAlertTest> TryAsync(
        string service, AlertRule rule, AlertDestination destination, TimeProvider time, CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        using var receiver = Receivers.Of(destination, time);
        var answer = await receiver.SendAsync(
            [
                new Alert
                {
                    Sequence = 0,
                    Time = time.GetLocalNow(),
                    Machine = rule.MachineName ?? Environment.MachineName,
                    Service = service,
                    News = AlertNews.Test,
                    Level = destination.HearsCritical ? AlertLevel.Critical : AlertLevel.Info,
                    Kind = nameof(AlertNews.Test),
                    Message = $"Test alert for {service}. Nothing has happened.",
                },
            ], cancellation);
        return new PyServiceAlertTest
        {
            Service = service,
            Channel = destination.Channel,
            Destination = destination.Name,
            Delivered = answer.Outcome == AlertOutcome.Delivered,
            Answer = answer.Words,
            Duration = Stopwatch.GetElapsedTime(began),
        };
    }
}
