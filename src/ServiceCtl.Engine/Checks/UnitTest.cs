using System.Text.Json.Nodes;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Checks;

/// <summary>A Python function, and what it is expected to return.</summary>
internal sealed record UnitTest
{
    /// <summary>The function, or what the test is called where <see cref="Import"/> is the function.</summary>
    public required string Name { get; init; }

    /// <summary>The module of <c>from X import Y</c>; null for a plain <c>import Y</c>.</summary>
    public string? From { get; init; }

    public required string Import { get; init; }

    public required JsonNode? Expected { get; init; }

    public required bool Critical { get; init; }

    public required TimeSpan Limit { get; init; }

    public required Origin Origin { get; init; }
}
