using System.Text.Json.Serialization;
using ServiceCtl.Engine.Configuration.Composition;

namespace ServiceCtl.Engine.Releases.Settings;

/// <summary>
/// What deploy.yaml says for one stage, typed and with absolute paths; <see cref="DeployKeys"/> says what each value means.
/// </summary>
internal sealed record DeploySettings
{
    public required string Stage { get; init; }

    /// <summary>The folder of deploy.yaml.</summary>
    public required string Folder { get; init; }

    /// <summary>What was read, the later ones winning.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    public string? Service { get; init; }

    public required string DeployTo { get; init; }

    public required string Revision { get; init; }

    public required string Tree { get; init; }

    public SourceVia Via { get; init; }

    public string? Repository { get; init; }

    /// <summary>A file or pattern, relative to <see cref="Folder"/>; null: the wheel is built.</summary>
    public string? Wheel { get; init; }

    /// <summary>What builds it.</summary>
    public string Python { get; init; } = "python3";

    /// <summary>What goes along with it; null for what is usual.</summary>
    public IReadOnlyList<string>? SourceFiles { get; init; }

    public int KeepReleases { get; init; }

    public int KeepFailed { get; init; }

    public IReadOnlyList<string> LinkedFiles { get; init; } = [];

    public IReadOnlyList<string> LinkedDirs { get; init; } = [];

    public IReadOnlyList<TemplateSetting> Templates { get; init; } = [];

    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<SecretSetting> Secrets { get; init; } = [];

    public IReadOnlyList<string> Tests { get; init; } = [];

    public IReadOnlyList<string> Http { get; init; } = [];

    public TimeSpan Hold { get; init; }

    /// <summary>Null where a release takes over at once.</summary>
    public CanarySetting? Canary { get; init; }

    public bool MustBePushed { get; init; }

    public IReadOnlyList<string> BeforePublish { get; init; } = [];

    public IReadOnlyList<string> AfterPublish { get; init; } = [];

    public IReadOnlyList<string> Failed { get; init; } = [];

    public IReadOnlyList<string> Restored { get; init; } = [];

    public IReadOnlyList<string> BuildRun { get; init; } = [];

    public IReadOnlyList<string> BuildCopy { get; init; } = [];

    public IReadOnlyList<string> Packages { get; init; } = [];

    public IReadOnlyList<OwnStep> Steps { get; init; } = [];

    public bool MustBeConfirmed { get; init; }

    /// <summary>Where it is deployed to, in order; none: to this host.</summary>
    public IReadOnlyList<StageHost> Hosts { get; init; } = [];

    public RolloutSettings Rollout { get; init; } = new();

    /// <summary>Knows the secrets that stand in the files themselves.</summary>
    [JsonIgnore]
    public SecretMask Mask { get; init; } = SecretMask.Of([]);
}
