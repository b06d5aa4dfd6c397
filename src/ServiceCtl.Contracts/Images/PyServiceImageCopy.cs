namespace ServiceCtl.Contracts;

/// <summary>An image that was copied to another host.</summary>
public sealed record PyServiceImageCopy
{
    /// <summary>Its name, with its tag.</summary>
    public required string Image { get; init; }

    public required string Id { get; init; }

    /// <summary>Bytes that went over the wire; 0 where the host had it already.</summary>
    public required long Sent { get; init; }

    /// <summary>Was it new there?</summary>
    public required bool IsNew { get; init; }

    public required TimeSpan Duration { get; init; }

    /// <summary>The host, as it was asked for.</summary>
    public required string HostName { get; init; }

    public override string ToString() => $"{Image} on {HostName}";
}
