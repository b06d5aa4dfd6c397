using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Git;

/// <summary>What could be learned about a folder's git checkout. Not being able to is reported, and never stops anything.</summary>
/// <param name="Revision">What is checked out; null when the folder is not in a checkout, or could not be read.</param>
/// <param name="Problem">Why it could not be read, with the remedy where there is one; null otherwise.</param>
public sealed record GitReading(GitRevision? Revision, string? Problem)
{
    internal static GitReading NoCheckout { get; } = new(null, null);

    internal static GitReading Of(GitRevision revision) => new(revision, null);

    internal static GitReading Failed(string problem) => new(null, problem);

    /// <summary>
    /// Both git and libgit2 refuse a repository of somebody else, because its configuration can name programs to run.
    /// To read it all the same, as <c>safe.directory</c> would allow, is to run them.
    /// </summary>
    internal static GitReading OfAnotherUser(string folder) =>
        Failed($"{folder} is in a git repository that belongs to another user, and only root's agent reads it, as that user");
}
