namespace ServiceCtl.Contracts;

/// <summary>A step of a running operation.</summary>
/// <param name="Service">The service it is about.</param>
/// <param name="Step">What is being done, in a few words.</param>
/// <param name="Percent">How far, 0 to 100; null where it can't be known.</param>
public sealed record OperationProgress(string Service, string Step, int? Percent = null);
