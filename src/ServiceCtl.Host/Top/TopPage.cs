using ServiceCtl.Contracts;
using ServiceCtl.Host.Output;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ServiceCtl.Host.Top;

/// <summary>Puts a <see cref="TopModel"/> on a page of a given size.</summary>
internal static class TopPage
{
    private const string Keys = "up/down select   r restart   h hot restart   s stop/start   l log   / filter   q quit";
    private const string LogKeys = "esc back   q quit";

    /// <summary>Lines that are not rows: title, headings, problem, message, keys.</summary>
    private const int Frame = 5;

    private static readonly Style Dim = new(decoration: Decoration.Dim);
    private static readonly Style Bold = new(decoration: Decoration.Bold);

    public static IRenderable Create(TopModel model, DateTimeOffset now, int height) =>
        new Cropped(model.LogOf is { } service ? Log(model, service, height) : Overview(model, now, height), height);

    private static Rows Overview(TopModel model, DateTimeOffset now, int height)
    {
        var shown = model.Shown;
        var room = Math.Max(height - Frame, 1);
        var selected = model.Current is { } current ? shown.ToList().IndexOf(current) : 0;
        var first = Math.Clamp(selected - (room / 2), 0, Math.Max(shown.Count - room, 0));
        var table = new Table { Border = TableBorder.None };
        foreach (var (heading, isNumber) in Columns)
            table.AddColumn(
                new TableColumn(Cell(heading, Bold))
                {
                    Alignment = isNumber ? Justify.Right : Justify.Left,
                    NoWrap = true,
                    Padding = new Padding(0, 0, 1, 0)
                });
        foreach (var row in shown.Skip(first).Take(room))
            table.AddRow(Cells(row, row == model.Current));
        return new Rows(
            Cell(
                $"servicectl top   {now:HH:mm:ss}   {model.Rows.Count} {(model.Rows.Count == 1 ? "service" : "services")}, "
                    + $"{model.Rows.Count(row => row.Status.State == ServiceState.Running)} running"
                + (model.Filter.Length == 0 ? "" : $", {shown.Count} match '{model.Filter}'")),
            table,
            Cell(model.Current is { Status: var status } && Remark(status) is { } remark ? $"{status.Name}: {remark}" : "",
                new Style(Color.Yellow)),
            Cell(Prompt(model), model.Outage is null ? Style.Plain : new Style(Color.Red)),
            Cell(Keys, Dim));
    }

    private static Rows Log(TopModel model, string service, int height) => new(
    [
        Cell($"log of {service}", Bold),
        .. model.LogLines.TakeLast(Math.Max(height - 2, 1)).Select(line => Cell(line)),
        Cell(LogKeys, Dim),
    ]);

    private static readonly (string Heading, bool IsNumber)[] Columns =
    [
        ("NAME", false), ("STATE", false), ("PID", true), ("UP", true), ("CPU", true), ("MEMORY", true), ("RESTARTS", true),
        ("REQ/S", true),
        ("LISTENS ON", false), ("PROBLEM", false),
    ];

    private static IEnumerable<IRenderable> Cells(TopRow row, bool isSelected)
    {
        var status = row.Status;
        var style = isSelected ? new Style(decoration: Decoration.Invert) : Style.Plain;
        return
        [
            Cell(status.Name, style),
            Cell(status.State.ToString(), isSelected ? style : new Style(ColourOf(status.State))),
            Cell(status.Pid?.ToString(ConsoleOutput.Culture) ?? "-", style),
            Cell(status.Uptime is { } uptime ? ConsoleOutput.Text(uptime) : "-", style),
            Cell(row.CpuPercent is { } cpu ? $"{cpu:0.0}%" : "-", style),
            Cell(status.MemoryBytes is { } bytes ? $"{bytes / 1048576.0:0} MiB" : "-", style),
            Cell(status.Restarts.ToString(ConsoleOutput.Culture), style),
            Cell(row.RequestsPerSecond is { } requests ? $"{requests:0.0}" : "-", style),
            Cell(status.Listen ?? "-", style),
            Cell(Remark(status) ?? "", style),
        ];
    }

    private static string? Remark(PyServiceStatus status) =>
        status.Problem ?? (status.Canary is { } canary ? $"canary: {canary}" : null);

    private static string Prompt(TopModel model) => model switch
    {
        { IsFiltering: true } => $"filter: {model.Filter}_   (enter keeps it, esc clears it)",
        { Asked: { } action, Current: { } row } => $"{action} {row.Status.Name}? y/n",
        { Outage: { } outage } => outage,
        _ => model.Message,
    };

    private static Color ColourOf(ServiceState state) => state switch
    {
        ServiceState.Running => Color.Green,
        ServiceState.Failed => Color.Red,
        ServiceState.Starting or ServiceState.Restarting or ServiceState.Stopping => Color.Yellow,
        _ => Color.Default,
    };

    /// <summary>One line. What a service printed must not steer the terminal.</summary>
    private static Text Cell(string text, Style? style = null) =>
        new(VisibleText.Line(text).Replace('\t', ' '), style ?? Style.Plain);
}
