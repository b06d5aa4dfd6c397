using ServiceCtl.Contracts;
using ServiceCtl.Engine.Releases.Building;
using ServiceCtl.Engine.Releases.Deploying;
using ServiceCtl.Engine.Releases.Settings;

namespace ServiceCtl.Engine.Releases.Fleet;

/// <summary>What hosts with a mirror of their own are sent: a bundle of what each lacks, and what <c>build</c> has made here.</summary>
internal sealed class StagedParts : ISentCode
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("servicectl-deploy-");
    private readonly StagedBundles? _bundles;
    private readonly Dictionary<string, string?> _files = [];
    private readonly bool _hasBuilt;

    private StagedParts(StagedBundles? bundles, bool hasBuilt) => (_bundles, _hasBuilt) = (bundles, hasBuilt);

    private string Built => Path.Combine(_folder.FullName, SentSource.Built);

    /// <summary>How many bytes of bundles there are.</summary>
    public long Size => _bundles?.Size ?? 0;

    public async Task<string?> FileForAsync(IReadOnlyList<string> held, CancellationToken cancellation)
    {
        var bundle = _bundles is null ? null : await _bundles.ForAsync(held, cancellation);
        if (_files.TryGetValue(bundle ?? "", out var made))
            return made;
        (string, string)[] parts =
        [
            .. bundle is null ? ((string, string)[])[] : [(Path.GetDirectoryName(bundle)!, StagedBundles.Name)],
            .. _hasBuilt ? ((string, string)[])[(_folder.FullName, SentSource.Built)] : [],
        ];
        if (parts.Length == 0)
            return _files[""] = null;
        var file = Path.Combine(_folder.FullName, $"{_files.Count}.tar");
        await PackedFiles.MakeAsync(file, parts, cancellation);
        return _files[bundle ?? ""] = file;
    }

    /// <exception cref="ServiceCtlException">What was built can't be copied.</exception>
    public static async Task<StagedParts> MakeAsync(
        DeployContext context, SourceRevision revision, ReleaseBuilder builder, CancellationToken cancellation)
    {
        var parts = new StagedParts(
            context.Settings.Via == SourceVia.Bundle ? new StagedBundles(context.Source.Repository!, revision.Commit!) : null,
            context.Settings.BuildCopy.Count > 0);
        try
        {
            await builder.CopyBuiltAsync(Directory.CreateDirectory(parts.Built).FullName, cancellation);
            return parts;
        }
        catch
        {
            parts.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _bundles?.Dispose();
        _folder.Delete(recursive: true);
    }
}
