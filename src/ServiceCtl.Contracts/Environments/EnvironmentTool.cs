namespace ServiceCtl.Contracts;

/// <summary>What makes a virtualenv and installs into it.</summary>
public enum EnvironmentTool
{
    /// <summary>Python's own module, and pip.</summary>
    Venv,
    Uv,
}
