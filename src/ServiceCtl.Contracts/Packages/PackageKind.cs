namespace ServiceCtl.Contracts;

/// <summary>What a file of a package is.</summary>
public enum PackageKind
{
    /// <summary>Installed as it is.</summary>
    Wheel,

    /// <summary>Sources, from which a wheel is built.</summary>
    Sdist,
}
