using ServiceCtl.Contracts;
using ServiceCtl.Engine.Releases.Building;
using ServiceCtl.Engine.Releases.Deploying;

namespace ServiceCtl.Engine.Releases.Fleet;

/// <summary>The code of a release, packed once on this host, to be sent to all others.</summary>
internal sealed class StagedCode : ISentCode
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("servicectl-deploy-");

    private StagedCode()
    {
    }

    private string File => Path.Combine(_folder.FullName, "code.tar");

    public Task<string?> FileForAsync(IReadOnlyList<string> held, CancellationToken cancellation) => Task.FromResult<string?>(File);

    /// <exception cref="ServiceCtlException">It can't be had, or packed.</exception>
    public static async Task<StagedCode> MakeAsync(
        DeployContext context, SourceRevision revision, ReleaseBuilder builder, CancellationToken cancellation)
    {
        var code = new StagedCode();
        try
        {
            var tree = Directory.CreateDirectory(Path.Combine(code._folder.FullName, "tree"));
            await context.Source.UnpackAsync(revision, tree.FullName, cancellation);
            await builder.CopyBuiltAsync(tree.FullName, cancellation);
            await PackedFiles.MakeAsync(code.File, [(tree.FullName, ".")], cancellation);
            tree.Delete(recursive: true);
            return code;
        }
        catch
        {
            code.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (_folder.Exists)
            _folder.Delete(recursive: true);
    }
}
