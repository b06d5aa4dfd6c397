namespace ServiceCtl.Engine.Files;

/// <summary>Whom root acts for with a service's files.</summary>
/// <param name="User">The user it runs as, by name or number.</param>
/// <param name="IsAlways">
/// Act as that user also where root alone can change a place: others than root say which places these are, so that a path may be one of
/// root's own.
/// </param>
public sealed record FileActor(string User, bool IsAlways = false)
{
    /// <summary>Only where others than root can change the place.</summary>
    public static implicit operator FileActor?(string? user) => user is null ? null : new(user);
}
