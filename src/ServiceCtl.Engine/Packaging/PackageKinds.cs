namespace ServiceCtl.Engine.Packaging;

/// <summary>What is built.</summary>
[Flags]
internal enum PackageKinds
{
    Wheel = 1,
    Sdist = 2,
    Both = Wheel | Sdist,
}
