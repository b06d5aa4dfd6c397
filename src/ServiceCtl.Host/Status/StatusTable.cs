using System.Globalization;
using System.Text;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Messages;
using ServiceCtl.Host.Output;
using ServiceCtl.Host.Syntax;

namespace ServiceCtl.Host.Status;

/// <summary>Several services, a line each, and a second line for what is wrong with one.</summary>
internal static class StatusTable
{
    private const int StateColumn = 1;

    private static readonly string[] Headings = ["NAME", "STATE", "PID", "UP", "LISTENS ON", "MEMORY", "CPU", "COMMIT"];

    /// <param name="all">The services.</param>
    /// <param name="patterns">What selected them; empty for everything.</param>
    /// <param name="style">Colours, or none.</param>
    /// <param name="states">The states that were asked for; none: all.</param>
    public static string Of(
        IReadOnlyList<PyServiceStatus> all, IReadOnlyList<string> patterns, MessageStyle style, params ServiceState[] states)
    {
        if (all.Count == 0 && states.Length > 0)
            return $"No service is {string.Join(" or ", states)}.\n";
        if (all.Count == 0)
            return patterns.Count == 0
                ? "No services are registered.\n" : $"No service matches {string.Join(' ', patterns.Select(OptionValues.Shown))}.\n";

        string[][] rows = [.. all.Select(status => Row(status).Select(VisibleText.Line).ToArray())];
        var widths = Headings.Select((heading, column) => Math.Max(heading.Length, rows.Max(row => row[column].Length))).ToArray();
        var table = new StringBuilder();
        AddLine(Headings, static text => text);
        foreach (var (row, status) in rows.Zip(all))
        {
            AddLine(row, text => StateStyle.Paint(style, status.State, text));
            if (status.Problem is { } problem)
                table.Append("  ").Append(style.Paint(MessageKind.Error, $"! {problem}")).Append('\n');
        }

        return table.ToString();

        void AddLine(string[] cells, Func<string, string> paintState) => table.Append(string.Join("  ", cells.Select((cell, column) =>
            (column == StateColumn ? paintState(cell) : cell) + new string(' ', widths[column] - cell.Length))).TrimEnd()).Append('\n');
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
