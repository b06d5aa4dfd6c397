namespace ServiceCtl.Engine.Logs.Capture;

/// <summary>What happened to a captured log.</summary>
public enum LogProblemKind
{
    /// <summary>The file can't be written; from here on output is dropped and counted, and the service goes on.</summary>
    WriteFailed,

    /// <summary>The file can be written again; what was dropped in the meantime is reported.</summary>
    WriteRecovered,

    /// <summary>The file can't be rotated; it grows on, and rotation is tried again later.</summary>
    RotationFailed,

    /// <summary>A rotated file could not be compressed; it stays as it is.</summary>
    CompressionFailed,

    /// <summary>A subscriber threw and was taken off.</summary>
    SubscriberFailed,
}
