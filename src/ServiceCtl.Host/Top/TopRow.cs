using ServiceCtl.Contracts;

namespace ServiceCtl.Host.Top;

/// <summary>One service in the view.</summary>
/// <param name="Status">As the agent told it.</param>
/// <param name="CpuPercent">Of one processor, since the last look; null at the first.</param>
/// <param name="RequestsPerSecond">Since the last look; null where the server does not count them.</param>
internal sealed record TopRow(PyServiceStatus Status, double? CpuPercent = null, double? RequestsPerSecond = null)
{
    /// <summary>
    /// What has happened since the last look becomes a rate. A generation that came in between has its own counters, and none yet.
    /// </summary>
    public static TopRow Of(PyServiceStatus now, PyServiceStatus? before, TimeSpan elapsed)
    {
        if (before is null || before.Generation != now.Generation || before.Pid != now.Pid || elapsed <= TimeSpan.Zero)
            return new TopRow(now);
        var processor = now.ProcessorTime - before.ProcessorTime;
        var requests = now.Workers.Count == 0 ? null : Requests(now) - Requests(before) as double?;
        // A worker that was respawned takes its counters with it.
        return new TopRow(
            now,
            processor is { } used ? Math.Max(100 * used / elapsed, 0) : null,
            requests is { } served ? Math.Max(served / elapsed.TotalSeconds, 0) : null);
    }

    private static double Requests(PyServiceStatus status) => status.Workers.Sum(worker => worker.Requests);
}
