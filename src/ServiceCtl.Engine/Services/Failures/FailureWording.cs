namespace ServiceCtl.Engine.Services.Failures;

/// <summary>
/// What one destination gets to read, with the placeholders of <see cref="FailureText"/>; null: what the rule says to all.
/// </summary>
/// <param name="Code">For whoever sorts what arrives.</param>
/// <param name="Text">For whoever reads it.</param>
public sealed record FailureWording(string? Code, string? Text);
