using System.Globalization;
using System.Text;

namespace ServiceCtl.Engine.Processes.Scopes;

/// <summary>
/// The sign in the environment of every process of a generation, however far it has wandered from its parents: <c>HOME:SERVICE:NUMBER</c>,
/// and <c>HOME:SERVICE:NUMBER-INSTANCE</c> from the second instance on.
/// A program loses it only by starting another one with an environment of its own making.
/// </summary>
/// <param name="Home">Tells the agents of a host apart: <see cref="HomeOf"/>.</param>
/// <param name="Service">The service's name.</param>
/// <param name="Generation">Its number.</param>
/// <param name="Instance">Which of the generation's instances, from 0.</param>
public sealed record ScopeMarker(string Home, string Service, int Generation, int Instance = 0)
{
    /// <summary>For the service itself: its own name.</summary>
    public const string ServiceVariable = "SERVICECTL_SERVICE";

    /// <summary>By which its processes are recognised.</summary>
    public const string GenerationVariable = "SERVICECTL_GENERATION";

    internal const int HomeLength = 16;

    /// <summary>
    /// What stands for an agent's home folder: 16 hexadecimal digits, so that a long path costs nothing in each environment.
    /// </summary>
    public static string HomeOf(string folder) =>
        Fingerprint.Of(Encoding.UTF8.GetBytes(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))));

    /// <returns>Null when the process carries none, has ended, or hides its environment.</returns>
    public static ScopeMarker? TryRead(int pid) => Parse(ProcFs.TryReadEnvironmentVariable(pid, GenerationVariable));

    public static ScopeMarker? Parse(string? text) =>
        text?.Split(':') is [{ Length: HomeLength } home, { Length: > 0 } service, { } numbers]
        && numbers.Split('-') is { Length: 1 or 2 } parts
        && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int generation)
        && int.TryParse(parts.ElementAtOrDefault(1) ?? "0", NumberStyles.None, CultureInfo.InvariantCulture, out int instance)
            ? new(home, service, generation, instance)
            : null;

    /// <summary>The number of the generation, and which instance where it is not the first.</summary>
    public string Numbers => Generation.ToString(CultureInfo.InvariantCulture)
        + (Instance == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"-{Instance}"));

    public override string ToString() => $"{Home}:{Service}:{Numbers}";
}
