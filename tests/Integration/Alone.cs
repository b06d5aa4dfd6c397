namespace ServiceCtl.Tests.Integration;

/// <summary>Tests that look at, or change, the whole test process: nothing else runs meanwhile.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
