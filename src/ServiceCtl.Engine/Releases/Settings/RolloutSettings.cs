namespace ServiceCtl.Engine.Releases.Settings;

/// <summary>How hosts switch to a release; <see cref="DeployKeys"/> says what each value means.</summary>
internal sealed record RolloutSettings
{
    public IReadOnlyList<BatchSize> Batches { get; init; } = [];

    public TimeSpan Wait { get; init; }

    public int MaxFailures { get; init; }

    public RolloutFailure OnFailure { get; init; }

    public TimeSpan Timeout { get; init; }
}
