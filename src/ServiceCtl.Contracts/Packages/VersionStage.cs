namespace ServiceCtl.Contracts;

/// <summary>What comes before a release.</summary>
public enum VersionStage
{
    /// <summary>1.3.0a1.</summary>
    Alpha,

    /// <summary>1.3.0b1.</summary>
    Beta,

    /// <summary>1.3.0rc1.</summary>
    Rc,
}
