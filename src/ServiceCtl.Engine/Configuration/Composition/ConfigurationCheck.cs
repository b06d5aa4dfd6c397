using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Configuration.Composition;

/// <summary>What came of reading sources by a schema, right or wrong.</summary>
public sealed record ConfigurationCheck
{
    /// <summary>What could be read, composed.</summary>
    public required ConfigMapping Root { get; init; }

    /// <summary>Null when there are problems.</summary>
    public ResolvedConfiguration? Configuration { get; init; }

    /// <summary>All faults of all sources, by source and place; at most <see cref="ProblemList.Limit"/>.</summary>
    public required IReadOnlyList<ConfigurationProblem> Problems { get; init; }

    /// <summary>What is no fault but looks like one.</summary>
    public required IReadOnlyList<ConfigurationProblem> Warnings { get; init; }
}
