using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Configuration.Composition;

/// <summary>What came of reading sources, before a schema says what it means.</summary>
/// <param name="Root">What could be read, composed.</param>
/// <param name="Problems">The faults of the sources.</param>
/// <param name="Warnings">What looks like a fault.</param>
public sealed record ConfigurationLayers(ConfigMapping Root, ProblemList Problems, ProblemList Warnings);
