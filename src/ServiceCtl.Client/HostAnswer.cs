using ServiceCtl.Contracts;

namespace ServiceCtl.Client;

/// <summary>What one host has answered, or why it could not.</summary>
/// <param name="Host">Which.</param>
/// <param name="Value">The answer; the default value where there is an error.</param>
/// <param name="Error">Why there is none.</param>
public sealed record HostAnswer<T>(ServiceCtlClient Host, T? Value, ErrorReport? Error);
