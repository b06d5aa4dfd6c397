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
    private const string State = "STATE";

    private static readonly string[] Headings = ["NAME", State, "PID", "UP", "LISTENS ON", "MEMORY", "CPU", "COMMIT"];

    /// <param name="all">The services.</param>
    /// <param name="patterns">What selected them; empty for everything.</param>
    /// <param name="style">Colours, or none.</param>
    /// <param name="states">The states that were asked for; none: all.</param>
    public static string Of(
        IReadOnlyList<PyServiceStatus> all, IReadOnlyList<string> patterns, MessageStyle style, params ServiceState[] states) =>
        Of(all, Nothing(patterns, states), style, withHosts: false);

    /// <param name="all">The services.</param>
    /// <param name="nothing">What is said where there are none.</param>
    /// <param name="style">Colours, or none.</param>
    /// <param name="withHosts">Say on which host each is.</param>
    public static string Of(IReadOnlyList<PyServiceStatus> all, string nothing, MessageStyle style, bool withHosts)
    {
        if (all.Count == 0)
            return nothing;
        string[] headings = withHosts ? ["HOST", .. Headings] : Headings;
        var stateColumn = Array.IndexOf(headings, State);
        string[][] rows =
        [
            .. all.Select(status =>
                (withHosts ? Row(status).Prepend(status.HostName ?? "") : Row(status)).Select(VisibleText.Line).ToArray()),
        ];
        var widths = headings.Select((heading, column) => Math.Max(heading.Length, rows.Max(row => row[column].Length))).ToArray();
        var table = new StringBuilder();
        AddLine(headings, static text => text);
        foreach (var (row, status) in rows.Zip(all))
        {
            AddLine(row, text => StateStyle.Paint(style, status.State, text));
            if (status.Canary is { } canary)
                table.Append("  canary: ").Append(VisibleText.Line(canary.ToString())).Append('\n');
            if (status.Problem is { } problem)
                table.Append("  ").Append(style.Paint(MessageKind.Error, $"! {problem}")).Append('\n');
        }

        return table.ToString();

        void AddLine(string[] cells, Func<string, string> paintState) => table.Append(string.Join("  ", cells.Select((cell, column) =>
            (column == stateColumn ? paintState(cell) : cell) + new string(' ', widths[column] - cell.Length))).TrimEnd()).Append('\n');
    }

    public static string Nothing(IReadOnlyList<string> patterns, IReadOnlyList<ServiceState> states) => states.Count > 0
        ? $"No service is {string.Join(" or ", states)}.\n"
        : patterns.Count == 0
            ? "No services are registered.\n" : $"No service matches {string.Join(' ', patterns.Select(OptionValues.Shown))}.\n";

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
