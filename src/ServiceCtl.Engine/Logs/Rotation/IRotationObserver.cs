using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Logs.Rotation;

/// <summary>Hears what becomes of the files of a <see cref="RotatingLog"/>.</summary>
internal interface IRotationObserver
{
    /// <summary>A file was given the name of a rotated one.</summary>
    void HasRotated(RotatedFile file);

    /// <summary>The log can't be rotated, and grows. Once, until it can be again.</summary>
    void RotationFailed(ServiceCtlException error);
}
