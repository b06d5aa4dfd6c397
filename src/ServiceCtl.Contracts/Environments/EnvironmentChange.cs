namespace ServiceCtl.Contracts;

/// <summary>What became of a virtualenv.</summary>
public enum EnvironmentChange
{
    /// <summary>It is made of the same things already.</summary>
    None,
    Created,

    /// <summary>A new one has taken the place of the old one.</summary>
    Replaced,
}
