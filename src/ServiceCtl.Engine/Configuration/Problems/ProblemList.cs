using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Configuration.Problems;

/// <summary>Collects the faults of a reading, so that all of them are reported at once.</summary>
public sealed class ProblemList
{
    /// <summary>A hostile file may hold a million faults; nobody reads more than these.</summary>
    public const int Limit = 100;

    private readonly List<ConfigurationProblem> _problems = [];

    public ProblemList(CheckingEffort? effort = null) => Effort = effort ?? new CheckingEffort();

    /// <summary>What finding these faults may cost.</summary>
    public CheckingEffort Effort { get; }

    /// <summary>All faults met, also those beyond <see cref="Limit"/> that were not kept.</summary>
    public int Count { get; private set; }

    /// <summary>The kept ones, by source and place.</summary>
    public IReadOnlyList<ConfigurationProblem> Sorted() =>
        [.. _problems.OrderBy(problem => problem.Source, StringComparer.Ordinal).ThenBy(problem => problem.Line)
            .ThenBy(problem => problem.Column)];

    public void Add(Origin origin, string? key, string message, string? advice) => Add(new ConfigurationProblem
    {
        Source = origin.Source,
        Line = origin.Line,
        Column = origin.Column,
        Key = string.IsNullOrEmpty(key) ? null : key,
        Message = message,
        Advice = advice,
    });

    public void Add(ConfigurationProblem problem)
    {
        Count++;
        if (_problems.Count < Limit)
            _problems.Add(problem);
    }

    public void Add(ProblemList others)
    {
        foreach (var problem in others._problems)
            Add(problem);
        Count += others.Count - others._problems.Count;
    }
}
