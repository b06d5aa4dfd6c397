using ServiceCtl.Contracts;

namespace ServiceCtl.Host.Top;

/// <summary>What the live view knows and shows. Immutable.</summary>
internal sealed record TopModel
{
    /// <summary>Lines of a log that are kept for the screen.</summary>
    private const int KeptLines = 500;

    /// <summary>Characters of a line that are kept; no terminal is wider.</summary>
    private const int KeptWidth = 1000;

    /// <summary>By name.</summary>
    public IReadOnlyList<TopRow> Rows { get; init; } = [];

    /// <summary>The name of the selected service.</summary>
    public string? Selected { get; init; }

    /// <summary>A part of the names that are shown.</summary>
    public string Filter { get; init; } = "";

    /// <summary>Do keys go into <see cref="Filter"/>?</summary>
    public bool IsFiltering { get; init; }

    /// <summary>An order that waits for a y.</summary>
    public ServiceAction? Asked { get; init; }

    /// <summary>What became of the last order, or what is in the way.</summary>
    public string Message { get; init; } = "";

    /// <summary>Why there are no figures; null while there are.</summary>
    public string? Outage { get; init; }

    /// <summary>The service whose log fills the screen; null for the table.</summary>
    public string? LogOf { get; init; }

    public IReadOnlyList<string> LogLines { get; init; } = [];

    public IReadOnlyList<TopRow> Shown => [.. Rows.Where(row => row.Status.Name.Contains(Filter, StringComparison.OrdinalIgnoreCase))];

    public TopRow? Current => Shown.FirstOrDefault(row => row.Status.Name == Selected) ?? (Shown is [var first, ..] ? first : null);

    public TopModel With(IReadOnlyList<PyServiceStatus> figures, TimeSpan elapsed)
    {
        var before = Rows.ToDictionary(row => row.Status.Name, row => row.Status);
        return this with { Outage = null, Rows = [.. figures.Select(now => TopRow.Of(now, before.GetValueOrDefault(now.Name), elapsed))] };
    }

    /// <summary>Selects the service that is so many rows further down; there is always one selected while any is shown.</summary>
    public TopModel Move(int rows)
    {
        var shown = Shown;
        if (Current is not { } current)
            return this;
        var index = Math.Clamp(shown.ToList().IndexOf(current) + rows, 0, shown.Count - 1);
        return this with { Selected = shown[index].Status.Name };
    }

    public TopModel With(LogLine line) => line.Service != LogOf
        ? this : this with { LogLines = [.. LogLines.TakeLast(KeptLines - 1), line.Text[..Math.Min(line.Text.Length, KeptWidth)]] };
}
