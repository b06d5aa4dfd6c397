namespace ServiceCtl.Engine.Releases.Settings;

/// <summary>Where a template goes; the words of <c>into</c>.</summary>
internal enum TemplatePlace
{
    /// <summary>Into the release, which a rollback takes away again.</summary>
    Release,

    /// <summary>Into <c>shared</c>, when the release is published; a rollback puts that of its release there.</summary>
    Shared,
}
