using ServiceCtl.Contracts;
using ServiceCtl.Engine.Environments;

namespace ServiceCtl.Engine.Projects;

/// <summary>Merges and compares texts as git does, in a folder of its own: no repository's settings count, and none is touched.</summary>
internal sealed class TextTool : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private static readonly string[] Apart =
        ["-u", "GIT_EXTERNAL_DIFF", .. GitTool.Plain, "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_NOSYSTEM=1"];

    private readonly Lazy<DirectoryInfo> _folder = new(() => Directory.CreateTempSubdirectory("servicectl-"));

    private string Folder => _folder.Value.FullName;

    public void Dispose()
    {
        if (_folder.IsValueCreated)
            _folder.Value.Delete(recursive: true);
    }

    /// <summary>Merges two texts by what both come from.</summary>
    /// <returns>The text, and whether both have changed the same lines: then it holds both, between markers.</returns>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.RunnerMissing"/>: there is no git;
    /// <see cref="ErrorCode.System"/>.</exception>
    public async Task<(string Text, bool HasConflicts)> MergeAsync(
        string own, string from, string to, string label, CancellationToken cancellation)
    {
        foreach (var (name, text) in new[] { ("own", own), ("from", from), ("to", to) })
            await File.WriteAllTextAsync(Path.Combine(Folder, name), text, cancellation);
        var run = await RunAsync(
            ["merge-file", "--quiet", "-L", "yours", "-L", "template before", "-L", label, "own", "from", "to"], cancellation);
        // The number of conflicts, or 128 and more where git could not.
        return run.Code is >= 0 and < 128
            ? (await File.ReadAllTextAsync(Path.Combine(Folder, "own"), cancellation), run.Code > 0) : throw Failed(run);
    }

    /// <summary>The lines that differ, in the form of <c>diff -u</c>.</summary>
    /// <inheritdoc cref="MergeAsync"/>
    public async Task<string> CompareAsync(string path, string? before, string? after, CancellationToken cancellation)
    {
        foreach (var (side, text) in new[] { ("a", before), ("b", after) })
        {
            var file = Path.Combine(Folder, side, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.Delete(file);
            if (text is not null)
                await File.WriteAllTextAsync(file, text, cancellation);
        }

        var run = await RunAsync(
        [
            "diff", "--no-index", "--no-color", "--no-ext-diff", "--no-textconv", "--no-prefix", "--output=difference", "--",
            before is null ? "/dev/null" : $"a/{path}", after is null ? "/dev/null" : $"b/{path}",
        ], cancellation);
        if (run.Code is not (0 or 1))
            throw Failed(run);
        var lines = await File.ReadAllLinesAsync(Path.Combine(Folder, "difference"), cancellation);
        // What git writes above is about its own storage.
        return string.Join('\n', lines.SkipWhile(line => !line.StartsWith("--- ", StringComparison.Ordinal)));
    }

    private Task<ToolRun> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellation) =>
        ToolRun.RunAsync("env", [.. Apart, "git", .. arguments], new Dictionary<string, string>(), Folder, user: null, told: null, Limit,
            cancellation);

    private static ServiceCtlException Failed(ToolRun run) => run.Code == GitTool.NotFound
        ? new(ErrorCode.RunnerMissing, "git", "git can't be run, and merging and comparing files is done by it. Nothing was changed.",
            "Install it: apt install git.")
        : new(new ErrorReport
        {
            Code = ErrorCode.System,
            Target = "git",
            Message = $"Files can't be merged: git ended with {run.Code}. Nothing was changed.",
            Advice = "Its own lines say why.",
            LogLines = run.Lines,
        });
}
