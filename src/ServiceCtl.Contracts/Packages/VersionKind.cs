namespace ServiceCtl.Contracts;

/// <summary>What a version counts.</summary>
public enum VersionKind
{
    /// <summary>Changes, by https://semver.org: 1.3.0, 1.3.0rc1.</summary>
    Semver,

    /// <summary>Releases of a day: 20261130.1.</summary>
    Calendar,

    /// <summary>Commits since the last release: 1.3.0.dev7+g1a2b3c4.</summary>
    Commit,

    /// <summary>Migrations of data: a number in etc/data.version.</summary>
    Data,
}
