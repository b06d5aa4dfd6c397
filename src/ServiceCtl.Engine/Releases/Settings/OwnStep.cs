using System.Text.Json.Serialization;

namespace ServiceCtl.Engine.Releases.Settings;

/// <summary>A step of the project's own, or of a file that projects share.</summary>
/// <param name="Name">By which it can be run alone.</param>
/// <param name="Run">Its commands.</param>
/// <param name="Before">The step it comes before; null where it comes after one, or is only run alone.</param>
/// <param name="After">The step it comes after.</param>
internal sealed record OwnStep(string Name, IReadOnlyList<string> Run, DeployPhase? Before, DeployPhase? After)
{
    /// <summary>Which hosts run it; none: all.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>Does one host alone run it, when the others wait?</summary>
    [JsonIgnore]
    public bool IsOnce { get; init; }

    /// <summary>What <see cref="IsEarly"/> says where whoever orders it has taken its phase away.</summary>
    public bool ComesEarly { get; init; }

    /// <summary>Does it come before there is a release?</summary>
    [JsonIgnore]
    public bool IsEarly => ComesEarly || Before is DeployPhase.Starting or DeployPhase.Updating || After is DeployPhase.Starting;
}
