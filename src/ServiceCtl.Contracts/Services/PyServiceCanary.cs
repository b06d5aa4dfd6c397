using System.Globalization;

namespace ServiceCtl.Contracts;

/// <summary>A release that serves a part of the new connections beside the one that it is to replace.</summary>
public sealed record PyServiceCanary
{
    /// <summary>The release, by the name of its folder.</summary>
    public required string Release { get; init; }

    public required int Pid { get; init; }

    /// <summary>Percent of the new connections that it gets.</summary>
    public required double Share { get; init; }

    /// <summary>Which step this is, from 1.</summary>
    public required int Step { get; init; }

    public required int Steps { get; init; }

    /// <summary>When the next step begins, or the verdict is given.</summary>
    public required DateTimeOffset StepEndsAt { get; init; }

    /// <summary>What it has done.</summary>
    public required GenerationFigures Figures { get; init; }

    /// <summary>What the one that serves has done since.</summary>
    public required GenerationFigures Former { get; init; }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"release {Release} has {Share:0.##} % of new connections (step {Step} of {Steps}, until {StepEndsAt:HH:mm:ss}): {Figures}; "
            + $"the release that serves: {Former}");
}
