namespace ServiceCtl.Engine.Packaging;

/// <summary>What builds packages.</summary>
internal enum BuildTool
{
    /// <summary><c>python -m build</c>.</summary>
    Build,

    /// <summary><c>uv build</c>.</summary>
    Uv,
}
