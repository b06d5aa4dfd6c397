namespace ServiceCtl.Engine.Configuration.Sources;

/// <summary>Whether <c>db.yaml</c> is the section <c>db</c>. Files named <c>main</c> or <c>config</c> never are a section.</summary>
public enum SectionPolicy
{
    /// <summary>
    /// Each of several files is, unless its name begins with a digit, or it has a section that only the root has, or that of its own name.
    /// </summary>
    Usual,

    Always,

    Never,
}
