using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Files;

namespace ServiceCtl.Engine.Packaging;

/// <summary>
/// The files in <c>changes</c>, one a change, so that two branches never write into the same place: <c>12.fix.md</c> for issue 12,
/// <c>+1a2b3c.fix.md</c> for none, as towncrier has them.
/// </summary>
internal static partial class ChangeFiles
{
    public const string Folder = "changes";

    private const int Longest = 64 * 1024;

    /// <summary>All of them, by kind and name.</summary>
    /// <param name="folder">The project's.</param>
    /// <param name="problems">Gets what is wrong.</param>
    public static IReadOnlyList<PyServiceChange> Read(string folder, List<string> problems)
    {
        var place = Path.Combine(folder, Folder);
        if (!Directory.Exists(place))
            return [];
        List<PyServiceChange> changes = [];
        foreach (var path in Directory.GetFiles(place).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(path);
            if (name[0] == '.' || name.StartsWith("README", StringComparison.OrdinalIgnoreCase))
                continue;
            if (NameForm().Match(name) is not { Success: true } match)
            {
                problems.Add($"{path} is no change: it should be called NUMBER.KIND.md, with a kind of {Kinds()}.");
                continue;
            }

            var text = Encoding.UTF8.GetString(UserFiles.ReadAll(user: null, path, Longest)).Trim();
            if (text.Length == 0)
            {
                problems.Add($"{path} is empty.");
                continue;
            }

            changes.Add(new PyServiceChange
            {
                Kind = Enum.Parse<ChangeKind>(match.Groups["kind"].Value, ignoreCase: true),
                Text = text,
                Issue = match.Groups["issue"].Value is { } issue && !issue.StartsWith('+') ? issue : null,
                Path = path,
            });
        }

        return [.. changes.OrderBy(change => change.Kind)];
    }

    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidArgument"/>: one is no change.</exception>
    public static IReadOnlyList<PyServiceChange> Require(string folder)
    {
        List<string> problems = [];
        var changes = Read(folder, problems);
        return problems.Count == 0 ? changes : throw new ServiceCtlException(ErrorCode.InvalidArgument, Path.Combine(folder, Folder),
            string.Join(' ', problems), "Rename or delete them.");
    }

    /// <summary>Writes one.</summary>
    /// <param name="folder">The project's.</param>
    /// <param name="kind">What kind of change.</param>
    /// <param name="text">What is new.</param>
    /// <param name="issue">The issue; null for none.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidArgument"/>; <see cref="ErrorCode.System"/>.</exception>
    public static PyServiceChange Add(string folder, ChangeKind kind, string text, string? issue)
    {
        text = text.Trim();
        if (text.Length == 0)
            throw new ServiceCtlException(ErrorCode.InvalidArgument, null, "The change says nothing.", "Write what is new, in a sentence.");
        if (issue is not null && !IssueForm().IsMatch(issue))
            throw new ServiceCtlException(ErrorCode.InvalidArgument, issue, $"'{issue}' is no number of an issue.",
                "Use letters, digits, '_' and '-'.");
        var place = Path.Combine(folder, Folder);
        var word = kind.ToString().ToLowerInvariant();
        var stem = issue ?? $"+{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(3))}";
        try
        {
            NamedFile.MakeFolder(place);
            var path = Path.Combine(place, $"{stem}.{word}.md");
            for (var number = 1; Path.Exists(path); number++)
                path = Path.Combine(place, $"{stem}.{word}.{number}.md");
            NamedFile.Replace(path, Encoding.UTF8.GetBytes(text + "\n"), FileModes.Readable);
            return new PyServiceChange { Kind = kind, Text = text, Issue = issue, Path = path };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ServiceCtlException(ErrorCode.System, place, $"The change can't be written: {error.Message}",
                "Check the folder and its permissions.", error);
        }
    }

    private static string Kinds() => string.Join(", ", Enum.GetNames<ChangeKind>().Select(name => name.ToLowerInvariant()));

    [GeneratedRegex(@"^(?<issue>\+?[A-Za-z0-9_-]+)\.(?<kind>feature|fix|removal|doc|misc)(\.\d+)?\.md$", RegexOptions.ExplicitCapture)]
    private static partial Regex NameForm();

    [GeneratedRegex("^[A-Za-z0-9_-]{1,40}$")]
    private static partial Regex IssueForm();
}
