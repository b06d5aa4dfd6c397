namespace ServiceCtl.Contracts;

/// <summary>What a change is to those who read the changelog.</summary>
public enum ChangeKind
{
    /// <summary>Something new.</summary>
    Feature,

    /// <summary>Something that works now.</summary>
    Fix,

    /// <summary>Something that is gone, or works in another way.</summary>
    Removal,

    /// <summary>Only the documentation.</summary>
    Doc,

    /// <summary>Nothing that users notice.</summary>
    Misc,
}
