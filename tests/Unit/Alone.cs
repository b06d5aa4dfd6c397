namespace ServiceCtl.Tests.Unit;

/// <summary>Tests that measure the whole test process: nothing else runs meanwhile.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
