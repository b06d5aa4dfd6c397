using ServiceCtl.Contracts;

namespace ServiceCtl.Host.Commands;

/// <summary>Several services, a line each.</summary>
internal static class StatusTable
{
    private static readonly string[] Headings = ["NAME", "STATE", "PID", "UP", "LISTENS ON", "MEMORY", "CPU", "COMMIT"];

    public static async Task WriteAsync(IReadOnlyList<PyServiceStatus> all)
    {
        if (all.Count == 0)
        {
            await Console.Out.WriteLineAsync("No services are registered.");
            return;
        }

        string[][] rows = [Headings, .. all.Select(Row)];
        var widths = Enumerable.Range(0, Headings.Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
            await Console.Out.WriteLineAsync(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }

    private static string[] Row(PyServiceStatus status) =>
    [
        status.Name,
        status.State.ToString(),
        status.Pid?.ToString(ConsoleOutput.Culture) ?? "-",
        status.Uptime is { } uptime ? ConsoleOutput.Text(uptime) : "-",
        status.Listen ?? "-",
        status.MemoryBytes is { } bytes ? $"{bytes / 1048576.0:0} MiB" : "-",
        status.ProcessorPercent is { } percent ? $"{percent.ToString("0.#", ConsoleOutput.Culture)} %" : "-",
        status.Revision?.ToString() ?? "-",
    ];
}
