namespace ServiceCtl.Engine.Logs.Rotation;

/// <summary>One of the files <c>output.log.NUMBER</c>.</summary>
internal sealed class RotatedFile
{
    /// <summary>When it was rotated, in milliseconds since 1970.</summary>
    internal required long Number { get; init; }

    internal bool Compressed { get; set; }

    internal bool Deleted { get; set; }
}
