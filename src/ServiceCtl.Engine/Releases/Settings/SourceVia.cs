namespace ServiceCtl.Engine.Releases.Settings;

/// <summary>How code gets into a release; the words of <c>source.via</c>.</summary>
internal enum SourceVia
{
    /// <summary><c>git archive</c> of the checkout that holds deploy.yaml.</summary>
    Archive,

    /// <summary><c>git archive</c> of a mirror that is kept in <c>repo</c>, as Capistrano does.</summary>
    Mirror,

    /// <summary>The folder as it is, with what nobody has committed.</summary>
    Folder,

    /// <summary>What is committed in the checkout, by a <c>git bundle</c> of what a mirror in <c>repo</c> doesn't have yet.</summary>
    Bundle,

    /// <summary>A wheel that the release's virtualenv gets, and the few files of the checkout that are no part of it.</summary>
    Wheel,
}
