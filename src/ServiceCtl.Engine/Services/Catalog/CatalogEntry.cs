using System.Text.Json.Serialization;
using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Services.Catalog;

/// <summary>A registered service.</summary>
/// <param name="Name">The name it goes by.</param>
/// <param name="ConfigPath">Absolute path of the file that defines it; of its folder, with a slash at the end, where several do.</param>
/// <param name="IsWanted">Was the last order to run it?</param>
/// <param name="FinishedIn">The boot of this machine (its id) in which it ended as it may, and has not been started since; null: it has
/// not.</param>
/// <param name="Folder">Tells its folder from all others, so that it is known again when it was renamed; null when it has not been
/// seen.</param>
/// <param name="ConfiguredName">What <c>SERVICE_NAME</c> said when it was registered; null when there was none.</param>
/// <param name="Sources">Where its configuration is searched, as it was registered; null: where its folder says.</param>
/// <param name="User">Whom root's agent runs it as, noted from a configuration that root vouched for; null when nothing was noted
/// yet.</param>
/// <param name="AtBoot">What becomes of it when this machine has booted.</param>
/// <param name="OrderedIn">The boot of this machine (its id) in which <paramref name="IsWanted"/> was noted; null for an older agent's
/// note.</param>
public sealed record CatalogEntry(
    string Name, string ConfigPath, bool IsWanted = false, string? FinishedIn = null, string? Folder = null, string? ConfiguredName = null,
    IReadOnlyList<string>? Sources = null, string? User = null, BootStart AtBoot = BootStart.Restored, string? OrderedIn = null)
{
    /// <summary>
    /// Has it to run now? An order counts as long as the boot in which it was given; after that, <see cref="AtBoot"/> may say otherwise.
    /// </summary>
    /// <param name="bootId">The present boot.</param>
    public bool IsDue(string bootId) => AtBoot == BootStart.Restored || OrderedIn == bootId ? IsWanted : IsStartedBy(bootId);

    /// <summary>Has nobody but the boot ordered it to run?</summary>
    /// <param name="bootId">The present boot.</param>
    public bool IsStartedBy(string bootId) => AtBoot == BootStart.Enabled && OrderedIn != bootId;

    /// <summary>What is to be read for it.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidArgument"/>: a source can't be understood.</exception>
    [JsonIgnore]
    public SourceRequest Request => SourceRequest.Of(Sources ?? []) with { User = User };
}
