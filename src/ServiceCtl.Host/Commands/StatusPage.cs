using ServiceCtl.Contracts;

namespace ServiceCtl.Host.Commands;

/// <summary>One service on a page of its own.</summary>
internal static class StatusPage
{
    public static async Task WriteAsync(PyServiceStatus status)
    {
        await RowAsync("service", status.Name);
        await RowAsync("state", status.State.ToString());
        await RowAsync("mode", status.Conclusion);
        await RowAsync("problem", status.Problem);
        await RowAsync("commit", status.Revision is { } revision ? $"{revision} {revision.Subject}".TrimEnd() : "not a git checkout");
        await RowAsync("pid", status.Pid?.ToString(ConsoleOutput.Culture));
        await RowAsync("generation", status.Generation == 0 ? null : status.Generation.ToString(ConsoleOutput.Culture));
        await RowAsync("up", status.Uptime is { } uptime ? ConsoleOutput.Text(uptime) : null);
        await RowAsync("listens on", status.Listen is null ? null : status.Listening == true ? status.Listen : $"{status.Listen} (nobody listens there)");
        await RowAsync("consul", status.InConsul is null ? null : status.ConsulProblem ?? (status.InConsul == true ? "registered" : "not registered"));
        await RowAsync("memory", status.MemoryBytes is { } bytes ? $"{bytes / 1048576.0:0.0} MiB in {status.ProcessCount} processes" : null);
        await RowAsync("processor", status.ProcessorTime is { } time ? $"{time.TotalSeconds:0.00} s" + (status.ProcessorPercent is { } percent ? $", {percent:0.#} % of a core" : "") : null);
        await RowAsync("restarts", status.Restarts == 0 ? null : status.Restarts.ToString(ConsoleOutput.Culture));
        await RowAsync("health", status.Health is { } health ? $"{health}, at {health.At:HH:mm:ss}" + (health.Good ? "" : $", {health.Failures} bad in a row") : null);
        foreach (var module in status.Modules)
            await RowAsync("module", module.IsMissing ? $"{module} (MISSING)" : module.ToString());
        foreach (var limit in status.Limits)
            await RowAsync("limit", limit.ToString());
        foreach (var worker in status.Workers)
        {
            await RowAsync(
                $"worker {worker.Id}",
                $"pid {worker.Pid}, {worker.Status}" + (worker.Requests == 0 ? "" : $", {worker.Requests} requests, {worker.Exceptions} exceptions, {worker.AverageResponseTime.TotalMilliseconds:0.0} ms on average"));
        }

        await RowAsync("last exit", status.LastExit is { } exit ? $"{exit} at {exit.At:yyyy-MM-dd HH:mm:ss} (pid {exit.Pid})" : null);
        foreach (var line in status.LastExit?.LastLines ?? [])
            await RowAsync("", $"| {line}");
        await RowAsync("config", status.ConfigPath);
        await RowAsync("", status.ConfigChange);
        await RowAsync("log", status.LogPath);
    }

    private static Task RowAsync(string name, string? value) =>
        value is null ? Task.CompletedTask : Console.Out.WriteLineAsync($"{name,-11} {value}");
}
