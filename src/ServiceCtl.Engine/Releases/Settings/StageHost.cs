namespace ServiceCtl.Engine.Releases.Settings;

/// <summary>A host that a stage is deployed to.</summary>
/// <param name="Name">What deploy.yaml calls it.</param>
/// <param name="Ssh">What ssh reaches it by.</param>
/// <param name="Roles">What it is there for.</param>
/// <param name="IsPrimary">Has it the stage's lock, and what is done once for all hosts?</param>
/// <param name="Properties">Values of its own for templates and hooks.</param>
internal sealed record StageHost(
    string Name, string Ssh, IReadOnlyList<string> Roles, bool IsPrimary, IReadOnlyDictionary<string, string> Properties)
{
    /// <summary>Is what is for hosts of some roles for this one? No roles are all.</summary>
    public bool IsOneOf(IReadOnlyList<string> roles) => roles.Count == 0 || roles.Any(Roles.Contains);

    public override string ToString() => Name;
}
