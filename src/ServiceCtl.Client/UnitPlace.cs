namespace ServiceCtl.Client;

/// <summary>Where units are written.</summary>
/// <param name="Folder">It is made if it is not there.</param>
/// <param name="Force">Replace what is there.</param>
public sealed record UnitPlace(string Folder, bool Force);
