namespace ServiceCtl.Contracts;

/// <summary>Where a new project keeps its data.</summary>
public enum ProjectDatabase
{
    None,
    Sqlite,
    Postgres,
    Redis,
}
