namespace ServiceCtl.Engine.Configuration.Sources;

/// <summary>The kinds of sources, in their usual order: a later one wins over an earlier one.</summary>
public enum SourceKind
{
    /// <summary>Configuration files.</summary>
    Files,

    /// <summary>The variables that the process was started with.</summary>
    Environment,

    /// <summary>
    /// <c>.env</c> files. They win over the real environment, so that a project can pin what a session happens to have set.
    /// </summary>
    EnvFiles,

    /// <summary><c>key=value</c> given with a command.</summary>
    Options,
}
