namespace ServiceCtl.Engine.Services.Keys;

/// <summary>What becomes of a scheduled run that is due while the one before it still goes on.</summary>
public enum OverlapPolicy
{
    /// <summary>It is passed over, and that is reported.</summary>
    Skip,

    /// <summary>It follows when the other has ended; several that are due meanwhile are one.</summary>
    Queue,

    /// <summary>The other is ended for it.</summary>
    Kill,
}
