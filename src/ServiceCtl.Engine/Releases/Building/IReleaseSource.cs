using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Releases.Building;

/// <summary>Where the code of a release comes from.</summary>
internal interface IReleaseSource
{
    /// <summary>Where commits can be asked for; null for a folder that is no checkout.</summary>
    Repository? Repository { get; }

    /// <summary>The id that all hosts give to the release; null: the next one here.</summary>
    string? Id => null;

    /// <summary>Can it be reached?</summary>
    /// <exception cref="ServiceCtlException">It can't be.</exception>
    Task CheckAsync(CancellationToken cancellation);

    /// <summary>What would be deployed, as far as is known without fetching anything.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidArgument"/>: there is no such revision.</exception>
    Task<SourceRevision> PeekAsync(CancellationToken cancellation);

    /// <summary>What is deployed; a mirror is brought up to date first.</summary>
    /// <inheritdoc cref="PeekAsync"/>
    Task<SourceRevision> ResolveAsync(CancellationToken cancellation);

    /// <summary>Puts it into an empty folder.</summary>
    Task UnpackAsync(SourceRevision revision, string folder, CancellationToken cancellation);
}
