using System.Text;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Files;

namespace ServiceCtl.Engine.Environments;

/// <summary>
/// The folders of a virtualenv: each is made under a name of its own beside the old one, and the configured name is a link. Where others
/// than root can change them, all of it is done with the rights of the service's user, so that no link in them leads further than that user
/// gets.
/// </summary>
internal sealed class EnvironmentFolders(EnvironmentPlan plan)
{
    /// <summary>Of what it was made; written when it is whole.</summary>
    private const string StampName = ".servicectl";

    /// <summary>Of one that was there before the first of ours.</summary>
    private const string FoundName = "found";

    private const int LongestStamp = 4096;

    private readonly string _parent = Path.GetDirectoryName(plan.Path)!;
    private readonly string _prefix = $".{Path.GetFileName(plan.Path)}-";

    internal string Parent => _parent;

    /// <summary>Where the configured name leads.</summary>
    internal string Current => In(_parent, () => Path.GetFullPath(new DirectoryInfo(plan.Path).LinkTarget ?? plan.Path, _parent));

    internal bool IsThere => Path.Exists(plan.Path);

    /// <summary>Is there a whole one, made of this?</summary>
    internal bool IsMadeOf(string fingerprint) =>
        In(plan.Path, () => File.Exists(Path.Combine(plan.Path, "bin", "python"))) && StampOf(plan.Path) == fingerprint;

    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.FileExists"/>: something is there that is no virtualenv.</exception>
    internal void RequireReplaceable()
    {
        bool isOther = In(plan.Path, () => IsPlainFolder
            ? !File.Exists(Path.Combine(plan.Path, "pyvenv.cfg")) && Directory.EnumerateFileSystemEntries(plan.Path).Any()
            : File.Exists(plan.Path));
        if (isOther)
            throw new ServiceCtlException(ErrorCode.FileExists, plan.Service,
                $"{plan.Path} is there, and no virtualenv. It was left alone.", "Correct env_directory, or move it away.");
    }

    /// <summary>Makes a folder for the next one; it is the user's.</summary>
    internal string Make(DateTimeOffset now)
    {
        string folder = Path.Combine(_parent, $"{_prefix}{now:yyyyMMddHHmmssfff}");
        UserFiles.MakeFolder(plan.Actor, folder);
        return folder;
    }

    /// <summary>Puts a wheel into a folder, for the tool that installs it from there.</summary>
    internal string PutWheel(string folder, string name, byte[] content)
    {
        var file = Path.Combine(folder, name);
        In(folder, () => AtomicFile.Write(file, content, isDurable: false, mode: FileModes.Readable));
        return file;
    }

    /// <summary>Takes it away again.</summary>
    internal void TakeWheel(string folder, string file) => In(folder, () => File.Delete(file));

    /// <summary>Notes that a folder is whole.</summary>
    internal void Stamp(string folder, string fingerprint)
    {
        var text = Encoding.UTF8.GetBytes(fingerprint + "\n");
        In(folder, () => AtomicFile.Write(Path.Combine(folder, StampName), text, mode: FileModes.Readable));
    }

    /// <summary>Points the configured name at a folder.</summary>
    /// <returns>Where the one before is now; the name itself where there was none.</returns>
    internal string PutInPlace(string folder) => In(_parent, () =>
    {
        string target = Path.GetFileName(folder);
        if (!IsPlainFolder)
        {
            string before = Path.GetFullPath(new DirectoryInfo(plan.Path).LinkTarget ?? plan.Path, _parent);
            SymbolicLink.Point(plan.Path, target);
            return before;
        }

        // One that was made by hand is a folder, which no link can replace in one step: for a moment nothing is there.
        string aside = Path.Combine(_parent, _prefix + FoundName);
        FolderTree.Delete(plan.Actor, aside);
        Directory.Move(plan.Path, aside);
        try
        {
            SymbolicLink.Point(plan.Path, target);
            return aside;
        }
        catch
        {
            Directory.Move(aside, plan.Path);
            throw;
        }
    });

    internal void Delete(string folder) => FolderTree.Delete(plan.Actor, folder);

    /// <summary>Deletes those of earlier times.</summary>
    /// <returns>What could not be deleted, and why.</returns>
    internal IReadOnlyList<string> DeleteOthers(string folder, string before)
    {
        List<string> failures = [];
        foreach (string old in In(_parent, () => Directory.GetDirectories(_parent, _prefix + "*")))
        {
            try
            {
                if (old != folder && old != before && IsOurs(old))
                    Delete(old);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                failures.Add($"{old} could not be deleted: {error.Message}");
            }
        }

        return failures;
    }

    internal string[] Packages() => In(plan.Path, () => !Directory.Exists(Path.Combine(plan.Path, "lib")) ? [] : (string[])
    [
        .. Directory.EnumerateDirectories(Path.Combine(plan.Path, "lib"), "python*")
            .SelectMany(python => Directory.EnumerateDirectories(Path.Combine(python, "site-packages"), "*.dist-info"))
            .Select(info => Path.GetFileNameWithoutExtension(info)).Order(StringComparer.OrdinalIgnoreCase),
    ]);

    private bool IsPlainFolder => Directory.Exists(plan.Path) && new DirectoryInfo(plan.Path).LinkTarget is null;

    /// <summary>Another folder may happen to have a name like ours.</summary>
    private bool IsOurs(string folder) => new DirectoryInfo(folder).LinkTarget is null
        && (In(folder, () => File.Exists(Path.Combine(folder, StampName))) || Path.GetFileName(folder) == _prefix + FoundName);

    private string? StampOf(string folder)
    {
        try
        {
            return Encoding.UTF8.GetString(UserFiles.ReadAll(plan.Actor, Path.Combine(folder, StampName), LongestStamp)).Trim();
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private T In<T>(string place, Func<T> work) => UserFiles.Use(plan.Actor, place, work);

    private void In(string place, Action work) => UserFiles.Use(plan.Actor, place, work);
}
