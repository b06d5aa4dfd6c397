using Spectre.Console.Rendering;

namespace ServiceCtl.Host.Top;

/// <summary>What fits: lines are cut at the edge of the terminal instead of going on in the next one, and so is the page.</summary>
internal sealed class Cropped(IRenderable page, int height) : Renderable
{
    /// <summary>Characters; wider than anything that is shown.</summary>
    private const int Unlimited = 10_000;

    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth) =>
        Segment.SplitLines(page.Render(options, Unlimited))
            .Take(height)
            .SelectMany(line => Crop(line, maxWidth).Append(Segment.LineBreak));

    // Spectre's own Segment.Truncate drops the segment that does not fit, which may be all that there is to see.
    private static IEnumerable<Segment> Crop(SegmentLine line, int width)
    {
        foreach (var segment in line)
        {
            if (width <= 0)
                yield break;
            if (Segment.Truncate(segment, width) is not { } cropped)
                yield break;
            yield return cropped;
            width -= cropped.CellCount();
        }
    }
}
