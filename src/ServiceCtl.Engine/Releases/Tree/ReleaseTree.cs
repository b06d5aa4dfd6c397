using System.Text;
using System.Text.Json;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Files;

namespace ServiceCtl.Engine.Releases.Tree;

/// <summary>
/// The folder of a stage, as Capistrano lays it out: <c>releases/R</c>, <c>current</c>, <c>shared</c>, <c>repo</c>, <c>revisions.log</c>.
/// All that root does in it, it does as the service's user.
/// </summary>
/// <param name="Root">deploy_to.</param>
/// <param name="Actor">Whose it is, where root deploys for somebody else; null: this process's.</param>
internal sealed record ReleaseTree(string Root, FileActor? Actor)
{
    private const string RecordName = "release.json";
    private const string Doomed = ".deleted";
    private const string Unfinished = "It has no REVISION: whoever made it did not finish.";
    private const int LongestRecord = 1 << 20;

    public string Releases => Path.Combine(Root, "releases");

    public string Current => Path.Combine(Root, "current");

    public string Shared => Path.Combine(Root, "shared");

    public string Repo => Path.Combine(Root, "repo");

    public string Log => Path.Combine(Root, "revisions.log");

    public string LockFile { get; init; } = Path.Combine(Root, "deploy.lock");

    public string PathOf(string id) => Path.Combine(Releases, id);

    /// <summary>What the steps of a release have printed.</summary>
    public string LogOf(string id) => Path.Combine(PathOf(id), "deploy.log");

    public T Use<T>(Func<T> work) => UserFiles.Use(Actor, Root, work);

    public void Use(Action work) => UserFiles.Use(Actor, Root, work);

    /// <summary>Makes the folders that are missing; deploy_to is the service's user's.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.System"/>: they can't be made.</exception>
    public void Make()
    {
        try
        {
            UserFiles.MakeFolder(Actor is null ? null : Actor with { IsAlways = false }, Root);
            Use(() =>
            {
                Directory.CreateDirectory(Releases);
                return Directory.CreateDirectory(Shared);
            });
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ServiceCtlException(ErrorCode.System, Root,
                $"The folders of {Root} can't be made{(Actor is { User: var user } ? $" by {user}, whose they are" : "")}: {error.Message}",
                "Look at the space on the disk, and at whose the folder is.", error);
        }
    }

    /// <summary>The id of the release that <c>current</c> leads to; null where it leads to none.</summary>
    public string? FindCurrent() => Use(() =>
        new FileInfo(Current).LinkTarget is { } target && Path.GetFullPath(target, Root) is var path
            && Path.GetDirectoryName(path) is { } above && IsReleases(above) && Directory.Exists(path)
            ? Path.GetFileName(path) : null);

    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.FileExists"/>: <c>current</c> is no link, and would be lost.</exception>
    public void RequireLink()
    {
        var isOther = Use(() => new FileInfo(Current) is { LinkTarget: null } && Path.Exists(Current));
        if (isOther)
        {
            throw new ServiceCtlException(ErrorCode.FileExists, Current,
                $"{Current} is a folder or a file, and not the link that a deploy points at a release. It was left alone.",
                $"Move it away, or into {Releases} under a name of 14 digits.");
        }
    }

    /// <summary>Is there a mirror in <c>repo</c>?</summary>
    public bool HasRepo => Use(() => File.Exists(Path.Combine(Repo, "HEAD")));

    /// <summary>Makes the mirror; one that was not made to its end is none.</summary>
    /// <param name="make">Makes it, in the folder that it is given.</param>
    public async Task MakeRepoAsync(Func<string, Task> make)
    {
        var next = Repo + ".next";
        FolderTree.Delete(Actor, next);
        await make(next);
        FolderTree.Delete(Actor, Repo);
        Use(() => Directory.Move(next, Repo));
    }

    /// <summary>Every release, the oldest first.</summary>
    public IReadOnlyList<Release> List()
    {
        if (!Use(() => Directory.Exists(Releases)))
            return [];
        var current = FindCurrent();
        var isAtWork = StageLock.Find(this) is { IsStale: false, ProcessId: not null };
        return [.. Use(() => new DirectoryInfo(Releases).GetDirectories())
            .Where(folder => folder.LinkTarget is null && ReleaseId.IsOne(folder.Name)).Select(folder => folder.Name)
            .Order(StringComparer.Ordinal)
            .Select(id => Release.Of(id, Read(id), id == current, isAtWork))];
    }

    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ReleaseNotFound"/>.</exception>
    public Release Get(string id) => List().FirstOrDefault(release => release.Id == id) ?? throw new ServiceCtlException(
        ErrorCode.ReleaseNotFound, id, $"There is no release {id} in {Releases}.", "'servicectl releases' lists those that are there.");

    /// <summary>Makes the folder of a new release.</summary>
    /// <param name="now">The time.</param>
    /// <param name="chosen">Its id, where whoever deploys has chosen it; null for the next one.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidState"/>: that id is not the newest.</exception>
    public string Add(DateTimeOffset now, string? chosen = null)
    {
        var newest = Use(() => new DirectoryInfo(Releases).GetDirectories()).Select(folder => folder.Name).Where(ReleaseId.IsOne)
            .Max(StringComparer.Ordinal);
        if (chosen is not null && (!ReleaseId.IsOne(chosen) || string.CompareOrdinal(newest, chosen) >= 0))
        {
            throw new ServiceCtlException(ErrorCode.InvalidState, chosen,
                $"The release {chosen} would not be the newest: {newest} is there already.",
                "Deploy again: somebody else has deployed meanwhile.");
        }

        var id = chosen ?? ReleaseId.Next(now, newest);
        Use(() => Directory.CreateDirectory(PathOf(id)));
        return id;
    }

    public void Write(string id, ReleaseRecord record)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(record, ReleaseJson.Default.ReleaseRecord);
        Use(() => AtomicFile.Write(Path.Combine(PathOf(id), RecordName), bytes, mode: FileModes.Readable));
    }

    /// <summary>
    /// Notes of the release that serves that it does: whoever pointed the link at it may have died before, or was Capistrano. Otherwise
    /// nobody would know of it, when another one serves, that it ever has.
    /// </summary>
    public void NoteCurrent()
    {
        if (List().FirstOrDefault(release => release.State == ReleaseState.Current) is { Record.State: not ReleaseState.Current } current)
            Write(current.Id, current.Record with { State = ReleaseState.Current });
    }

    /// <summary>What Capistrano and others read: the commit, and when it was made.</summary>
    public void WriteRevision(string id, string? commit, string? time) => Use(() =>
    {
        foreach (var (name, text) in ((string, string?)[])[("REVISION", commit), ("REVISION_TIME", time)])
        {
            if (text is not null)
                AtomicFile.Write(Path.Combine(PathOf(id), name), Encoding.UTF8.GetBytes(text + "\n"), isDurable: false, FileModes.Readable);
        }
    });

    /// <summary>Writes to the end of revisions.log.</summary>
    public void AddToLog(string line) => UserFiles.Append(Actor, Log, Encoding.UTF8.GetBytes(line + "\n"));

    /// <summary>Deletes a release. It is no release any more before its first file is gone.</summary>
    public void Delete(string id)
    {
        var doomed = Path.Combine(Releases, $".{id}{Doomed}");
        FolderTree.Delete(Actor, doomed);
        Use(() => Directory.Move(PathOf(id), doomed));
        FolderTree.Delete(Actor, doomed);
    }

    /// <summary>Deletes what is in a release, as far as that can be done; its record and its log stay.</summary>
    public void Clear(string id)
    {
        try
        {
            foreach (var entry in Use(() => new DirectoryInfo(PathOf(id)).GetFileSystemInfos())
                .Where(entry => entry.Name != RecordName && entry.FullName != LogOf(id)))
            {
                if (entry is DirectoryInfo { LinkTarget: null })
                    FolderTree.Delete(Actor, entry.FullName);
                else
                    Use(entry.Delete);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It is a failed release all the same, and is deleted as one.
        }
    }

    /// <summary>Deletes what an interrupted deletion has left.</summary>
    public void Sweep()
    {
        foreach (var left in Use(() => Directory.GetDirectories(Releases, $".*{Doomed}")))
            FolderTree.Delete(Actor, left);
    }

    /// <summary>By a link on its way deploy_to may have two names.</summary>
    private bool IsReleases(string folder) => folder == Releases || Processes.FolderIdentity.IsSame(folder, Releases);

    private ReleaseRecord Read(string id)
    {
        try
        {
            var bytes = UserFiles.ReadAll(Actor, Path.Combine(PathOf(id), RecordName), LongestRecord);
            return JsonSerializer.Deserialize(bytes, ReleaseJson.Default.ReleaseRecord) ?? throw new JsonException();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            // One of Capistrano's. It writes REVISION when it has unpacked the rest.
            return RevisionOf(id) is { } commit
                ? new ReleaseRecord { State = ReleaseState.Previous, Commit = commit, CreatedAt = ReleaseId.TimeOf(id) }
                : new ReleaseRecord { State = ReleaseState.Failed, CreatedAt = ReleaseId.TimeOf(id), Problem = Unfinished };
        }
    }

    /// <summary>What Capistrano keeps of a release.</summary>
    private string? RevisionOf(string id)
    {
        try
        {
            var text = Encoding.UTF8.GetString(UserFiles.ReadAll(Actor, Path.Combine(PathOf(id), "REVISION"), LongestRecord)).Trim();
            return text.Length > 0 ? text : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
