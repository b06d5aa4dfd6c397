using System.Globalization;
using ServiceCtl.Contracts;
using ServiceCtl.Host.Commands;

namespace ServiceCtl.Host.Status;

/// <summary>Several services, a line each.</summary>
internal static class StatusTable
{
    private static readonly string[] Headings = ["NAME", "STATE", "PID", "UP", "LISTENS ON", "MEMORY", "CPU", "COMMIT"];

    public static string Of(IReadOnlyList<PyServiceStatus> all)
    {
        if (all.Count == 0)
            return "No services are registered.\n";

        string[][] rows = [Headings, .. all.Select(Row)];
        var widths = Enumerable.Range(0, Headings.Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        return string.Concat(rows.Select(row => string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd() + '\n'));
    }

    private static string[] Row(PyServiceStatus status) =>
    [
        status.Name,
        status.State.ToString(),
        status.Pid?.ToString(CultureInfo.InvariantCulture) ?? "-",
        status.Uptime is { } uptime ? ConsoleOutput.Text(uptime) : "-",
        status.Listen ?? "-",
        status.MemoryBytes is { } bytes ? $"{bytes / 1048576.0:0} MiB" : "-",
        status.ProcessorPercent is { } percent ? $"{percent.ToString("0.#", CultureInfo.InvariantCulture)} %" : "-",
        status.Revision?.ToString() ?? "-",
    ];
}
