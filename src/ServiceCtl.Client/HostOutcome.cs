using ServiceCtl.Contracts;

namespace ServiceCtl.Client;

/// <summary>What was done to one host, or why it could not be.</summary>
/// <param name="HostName">Which.</param>
/// <param name="Value">What was done; the default value where there is an error.</param>
/// <param name="Error">Why nothing was.</param>
public sealed record HostOutcome<T>(string HostName, T? Value, ErrorReport? Error);
