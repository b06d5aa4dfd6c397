using System.Text.Json.Nodes;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Checks;

/// <summary>A request to the running service, and the answer that is expected.</summary>
internal sealed record IntegrationTest
{
    public required string Name { get; init; }

    public required JsonNode? Request { get; init; }

    public required JsonNode? Expected { get; init; }

    /// <summary>Where the request is posted to.</summary>
    public required string Path { get; init; }

    public required bool Critical { get; init; }

    public required TimeSpan Limit { get; init; }

    public required Origin Origin { get; init; }
}
